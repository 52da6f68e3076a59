/** A database that was copied while a run was at work: the lease in it is the original's. */
import { expect, test } from "vitest";
import { leaseTable } from "../../src/state/tables.ts";
import { runOn } from "../cli/run-cli.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { upgrade } from "../support/upgrade.ts";

onEveryServer("a copied lease", (lane) => {
  test("of another server is not shown; of this server it is one that the next run takes over", async () => {
    await using db = await freshDatabase(lane, "official");
    await upgrade(db, { to: "2018_11_01_auto_proc_program_message" });
    await db.query(
      `UPDATE ${leaseTable} SET owner = 'original', holder = 'dba from elsewhere, process 1', ` +
        "heartbeat_at = UTC_TIMESTAMP(6), expires_at = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR",
    );
    // The advisory lock belongs to the name of the database: no session holds it here.
    const onThisServer = await runOn(db, ["status"]);
    expect(onThisServer.stdout).toContain("lease: held by dba from elsewhere, process 1");
    expect(onThisServer.stdout).toContain("(expired; the next `up` takes it over)");

    await db.query(`UPDATE ${leaseTable} SET identity = 'another server', node = 'another server'`);
    expect((await runOn(db, ["status"])).stdout).not.toContain("lease");
    expect(JSON.parse((await runOn(db, ["status", "--json"])).stdout)).toMatchObject({ lease: null });
    const up = await runOn(db, ["up", "--yes"]);
    expect(up.exit, up.stderr).toBe(0);
  });
});
