/** The folder of the server's temporary files is full: the run stops, says which folder, and continues with another one. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../../src/server/process.ts";
import { runOn } from "../cli/run-cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { databaseStartedWith } from "../support/own-server.ts";
import { onEveryServer } from "../support/servers.ts";

/** A file system of its own for one process: root may have one, and others where the kernel lets them. */
const apart = ["unshare", "--mount", ...(process.getuid?.() === 0 ? [] : ["--map-root-user"])];
const { code } = await run("unshare", [...apart.slice(1), "mount", "-t", "tmpfs", "tmpfs", "/mnt"]);

onEveryServer("no room for temporary files", (lane) => {
  test.skipIf(code !== 0)("names the folders, and another folder helps", async () => {
    await using folder = await temporaryFolder();
    const [small, large] = [join(folder.path, "small"), join(folder.path, "large")];
    for (const each of [small, large]) await mkdir(each, { mode: 0o777 });
    const mount = 'mount -t tmpfs -o size=256k,mode=1777 tmpfs "$0" && exec "$@"';
    const args = [`--tmpdir=${small}`, "--innodb-sort-buffer-size=65536"];
    await using db = await databaseStartedWith(lane, "official", args, [...apart, "sh", "-c", mount, small]);
    // INSERT … SELECT would itself need a temporary table.
    const rows = Array.from({ length: 4096 }, () => "('xia2')").join(", ");
    for (let at = 0; at < 32; at += 1) {
      await db.query(`INSERT INTO AutoProcProgram (processingCommandLine) VALUES ${rows}`);
    }
    const stopped = await runOn(db, ["up", "--yes"]);
    expect(stopped.exit, stopped.stderr).toBe(2);
    expect(stopped.stderr).toContain("error STATEMENT_FAILED");
    expect(stopped.stderr).toContain(
      "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('tmpdir', 'innodb_tmpdir', 'datadir');",
    );
    const printed = /SET GLOBAL innodb_tmpdir = '([^']*)';/.exec(stopped.stderr) ?? expect.fail(stopped.stderr);
    await db.query(printed[0].replace("/FOLDER/WITH/ROOM", large));
    const done = await runOn(db, ["up", "--yes"]);
    expect(done.exit, done.stderr).toBe(0);
  });
});
