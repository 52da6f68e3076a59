import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { toOwnServer } from "../../src/db/db.ts";
import { container } from "../../src/server/container.ts";
import { containerEngine } from "../../src/server/container-engine.ts";
import { emptyDataDirectory } from "../../src/server/data-directory.ts";
import { distributionPackage, unpackDistributionPackage } from "../../src/server/distribution-package.ts";
import { findLocalBinary, localBinary } from "../../src/server/local-binary.ts";
import { startPrivateServer } from "../../src/server/private-server.ts";
import type { RunningServer } from "../../src/server/provider.ts";

const lane = inject("preparedLanes")["mariadb-10.11"];
const report = () => {};

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "t-provider-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function setEnvironment(name: string, value: string): void {
  const before = process.env[name];
  process.env[name] = value;
  onTestFinished(() => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  });
}

async function works(server: RunningServer): Promise<void> {
  await using db = await connect({ ...server, database: "mysql", ...toOwnServer });
  expect(await db.rows("SELECT 1 AS one")).toEqual([{ one: 1 }]);
}

describe("local binary", () => {
  test("is refused if there is none, with the package to install", async () => {
    expect(await findLocalBinary([await temporaryFolder()])).toMatchObject({
      provider: "local binary",
      reason: expect.stringContaining("no mariadbd or mysqld"),
      remedy: expect.stringContaining("apt-get install"),
    });
  });

  test("skips a program that is no server", async () => {
    const folder = await temporaryFolder();
    program(join(folder, "mariadbd"), "echo something else");
    expect(await findLocalBinary([folder])).toHaveProperty("reason");
  });

  test("skips a server that is too old, and finds the other one", async () => {
    const [first, second] = [await temporaryFolder(), await temporaryFolder()];
    program(join(first, "mysqld"), "echo 'mysqld  Ver 5.7.44 for Linux on x86_64 (MySQL Community Server (GPL))'");
    expect(await findLocalBinary([first, second])).toMatchObject({
      reason: expect.stringMatching(/mysqld is MySQL 5\.7\.44, which is older than MySQL 8\.0$/),
    });
    program(join(second, "mysqld"), "echo 'mysqld  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)'");
    expect(await findLocalBinary([first, second])).toMatchObject({ vendor: "mysql", version: "8.0.36" });
    program(join(first, "mariadbd"), "echo 'mariadbd  Ver 10.4.34-MariaDB for Linux on x86_64'");
    expect(await findLocalBinary([first, second])).toMatchObject({ vendor: "mysql", version: "8.0.36" });
  });

  test("reports the output of a program that does not run", async () => {
    const folder = await temporaryFolder();
    program(join(folder, "mariadbd"), "echo 'error while loading shared libraries: libaio.so.1' >&2; exit 127");
    expect(await findLocalBinary([folder])).toMatchObject({ reason: expect.stringContaining("libaio.so.1") });
  });

  test("is refused with a cache that cannot be written, and names it", async () => {
    const folder = await temporaryFolder();
    program(join(folder, "mariadbd"), "echo 'mariadbd  Ver 10.11.19-MariaDB for Linux on x86_64'");
    setEnvironment("PATH", `${folder}:${process.env["PATH"] ?? ""}`);
    setEnvironment("XDG_CACHE_HOME", "/dev/null");
    expect(await localBinary.start(report)).toMatchObject({ reason: expect.stringContaining("XDG_CACHE_HOME") });
  });

  test.skipIf(lane?.kind !== "ready")("is found in a folder, prepared and started", async () => {
    if (lane?.kind !== "ready") return;
    const { binary } = lane;
    const root = await temporaryFolder();
    setEnvironment("XDG_CACHE_HOME", join(root, "cache"));
    // The real program, in the layout of an installation in /usr/local.
    mkdirSync(join(root, "sbin"));
    symlinkSync(join(binary.basedir, "share"), join(root, "share"));
    const environment = Object.entries(binary.env).map(([name, value]) => `${name}='${value}'`);
    program(
      join(root, "sbin/mariadbd"),
      `exec env ${environment.join(" ")} '${binary.file}' "$@" ${binary.args.join(" ")}`,
    );
    const found = await findLocalBinary([join(root, "sbin")]);
    if ("reason" in found) throw new Error(found.reason);
    expect(found.description).toMatch(/^mariadbd 10\.\d+\.\d+ of this machine$/);
    await using server = await startPrivateServer(found, { copyOf: await emptyDataDirectory(found) });
    await works(server);
  });
});

describe("distribution package", () => {
  test("is refused without apt, with the reason", async () => {
    setEnvironment("XDG_CACHE_HOME", await temporaryFolder());
    setEnvironment("PATH", "/nowhere");
    expect(await distributionPackage.start(report)).toMatchObject({
      provider: "distribution package",
      reason: "the program apt-get is not installed on this machine",
    });
  });

  test("is refused with a cache that cannot be written, and names it", async () => {
    setEnvironment("XDG_CACHE_HOME", "/dev/null");
    expect(await distributionPackage.start(report)).toMatchObject({
      reason: expect.stringContaining("XDG_CACHE_HOME"),
    });
  });

  test("starts a server if this machine has apt", async (context) => {
    const found = await unpackDistributionPackage(report);
    if ("reason" in found) return context.skip(found.reason);
    const server = await distributionPackage.start(report);
    if ("reason" in server) throw new Error(server.reason);
    await using _ = server;
    await works(server);
  });
});

describe("container", () => {
  test("is refused with a reason if no engine answers", async (context) => {
    const engine = await containerEngine();
    if (!("reason" in engine)) return context.skip("an engine answers on this machine");
    expect(await container.start(report)).toMatchObject({
      provider: "container",
      remedy: expect.stringMatching(/docker/i),
    });
  });
});

function program(file: string, line: string): void {
  writeFileSync(file, `#!/bin/sh\n${line}\n`);
  chmodSync(file, 0o755);
}
