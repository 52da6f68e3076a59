/** A read-only server, usually a replica, is refused before anything is changed, even for an account that may write. */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { toMigrateError } from "../../src/cli/failure.ts";
import { runOn } from "../cli/run-cli.ts";
import { meddlingConnect } from "../migrate/meddle.ts";
import { freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { journalTable } from "../../src/state/tables.ts";
import { catalogOf, journalOf, upgrade } from "../support/upgrade.ts";

onEveryServer("a read-only server", (lane) => {
  test("up is refused", async () => {
    await using db = await freshDatabase(lane, "official");
    const before = await catalogOf(db);
    await db.query("SET GLOBAL read_only = ON");
    const { exit, stdout, stderr } = await runOn(db, ["up", "--yes"]);
    expect([exit, stdout]).toEqual([4, ""]);
    expect(stderr).toContain("error SERVER_READ_ONLY: this server is read-only\n");
    expect(stderr).toMatch(/^ {2}next {4}run the command on the primary server: replicas get the change from there$/m);
    expect(compareCatalogs(before, await catalogOf(db))).toEqual([]);
    expect(await db.query("SHOW TABLES LIKE 'ispyb\\_migrate\\_%'")).toEqual([]);
  });

  test("that becomes one in the middle of up: not exit code 4, because something was changed; the next up goes on", async () => {
    await using db = await freshDatabase(lane, "official");
    const account = { user: "migrator", password: "migrator" };
    await db.query("CREATE USER migrator@'%' IDENTIFIED BY 'migrator'");
    await db.query(`GRANT ALL ON ${db.database}.* TO migrator@'%'`);
    let written = 0;
    const sixthRow = { test: (sql: string) => sql.startsWith(`INSERT INTO ${journalTable} `) && ++written === 6 };
    const connect = meddlingConnect(db, sixthRow, "SET GLOBAL read_only = ON", account);
    const stopped: unknown = await upgrade(db, { connect }).catch((error: unknown) => error);
    expect(toMigrateError(stopped)).toMatchObject({ code: "SERVER_READ_ONLY", exit: 2 });
    expect(await journalOf(db)).toHaveLength(3);
    await db.query("SET GLOBAL read_only = OFF");
    expect((await upgrade(db)).verification.differences).toEqual([]);
  });

  test("down is refused", async () => {
    await using db = await upgradedDatabase(lane, "official");
    const [before, journal] = [await catalogOf(db), await journalOf(db)];
    await db.query("SET GLOBAL read_only = ON");
    const { exit, stdout, stderr } = await runOn(db, ["down", "--last", "1", "--yes"]);
    expect([exit, stdout]).toEqual([4, ""]);
    expect(stderr).toContain("error SERVER_READ_ONLY: this server is read-only\n");
    expect(compareCatalogs(before, await catalogOf(db))).toEqual([]);
    expect(await journalOf(db)).toEqual(journal);
  });
});
