/**
 * Procedures of other accounts: what this account may not create, drop or grant is refused before the first change, and
 * what is printed is enough.
 */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { runOn } from "../cli/run-cli.ts";
import { type TestDatabase, freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { catalogOf } from "../support/upgrade.ts";

const account = { user: "migrator", password: "Moves-them-1" };
const NAME = "retrieve_processing_job";
const sees = ["mysql.proc", "mysql.procs_priv", "mysql.user", "mysql.global_grants", "mysql.role_edges"];

/** An account with every privilege on the database, which can read of the system's tables what there is. */
async function makeMigrator(db: TestDatabase, tables = sees): Promise<void> {
  await db.query(`CREATE USER migrator@'%' IDENTIFIED BY '${account.password}'`);
  await db.query(`GRANT ALL ON ${db.database}.* TO migrator@'%' WITH GRANT OPTION`);
  if (db.lane.vendor === "mysql") await db.query("GRANT SHOW_ROUTINE, SET_ANY_DEFINER ON *.* TO migrator@'%'");
  else await db.query("GRANT SET USER ON *.* TO migrator@'%'");
  for (const table of tables) {
    const [schema, name] = table.split(".");
    const found = await db.query("SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?", [
      schema,
      name,
    ]);
    if (found.length > 0) await db.query(`GRANT SELECT ON ${table} TO migrator@'%'`);
  }
}

async function oldProcedure(db: TestDatabase, definer: string): Promise<void> {
  await db.query(`CREATE DEFINER=${definer} PROCEDURE ${NAME}(p_id int) SELECT 'old' AS answer`);
}

/** Refused, with nothing changed; then runs what is printed, and the same command goes through. */
async function refusedUntilGranted(db: TestDatabase, command: readonly string[], grants: readonly string[]) {
  const before = await catalogOf(db);
  const refused = await runOn(db, command, account);
  expect(refused.exit, refused.stderr).toBe(4);
  expect(refused.stderr).toContain("error MISSING_PRIVILEGE");
  expect(refused.stderr).toContain("nothing was changed");
  expect(compareCatalogs(before, await catalogOf(db))).toEqual([]);
  const printed = refused.stderr.match(/GRANT .*;/g) ?? [];
  expect(printed, refused.stderr).toEqual(grants);
  for (const each of printed) await db.query(each);
  const done = await runOn(db, command, account);
  expect(done.exit, done.stderr).toBe(0);
}

onEveryServer("procedures of other accounts", (lane) => {
  const isMysql = lane.vendor === "mysql";

  test.each([
    ["with SYSTEM_USER of its own", ["GRANT ALL ON *.* TO keeper@'%'"]],
    [
      "with SYSTEM_USER by a role that is not active",
      [
        "CREATE ROLE wardens",
        ...(isMysql ? ["GRANT SYSTEM_USER ON *.* TO wardens"] : ["GRANT SUPER ON *.* TO wardens"]),
        "GRANT wardens TO keeper@'%'",
      ],
    ],
  ])("replaced, of an account %s", async (_, statements) => {
    await using db = await freshDatabase(lane, "official");
    await db.query("CREATE USER keeper@'%' IDENTIFIED BY 'Owns-them-1'");
    for (const each of statements) await db.query(each);
    await oldProcedure(db, "keeper@'%'");
    await makeMigrator(db);
    if (isMysql) {
      await refusedUntilGranted(db, ["up", "--yes"], ["GRANT SYSTEM_USER ON *.* TO 'migrator'@'%';"]);
    } else {
      const { exit, stderr } = await runOn(db, ["up", "--yes"], account);
      expect(exit, stderr).toBe(0);
    }
  });

  test("replaced, of a plain account: nothing more is needed", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query("CREATE USER keeper@'%' IDENTIFIED BY 'Owns-them-1'");
    await oldProcedure(db, "keeper@'%'");
    await makeMigrator(db);
    const { exit, stderr } = await runOn(db, ["up", "--yes"], account);
    expect(exit, stderr).toBe(0);
  });

  test("--definer with an account that has SYSTEM_USER", async () => {
    await using db = await freshDatabase(lane, "official");
    await makeMigrator(db);
    const command = ["up", "--yes", "--definer", "root@localhost"];
    if (isMysql) await refusedUntilGranted(db, command, ["GRANT SYSTEM_USER ON *.* TO 'migrator'@'%';"]);
    else expect((await runOn(db, command, account)).exit).toBe(0);
  });

  test.skipIf(!isMysql)("what is granted again to an account with SYSTEM_USER", async () => {
    await using db = await freshDatabase(lane, "official");
    await makeMigrator(db);
    await oldProcedure(db, "migrator@'%'");
    await db.query("CREATE USER warden@'%' IDENTIFIED BY 'Calls-them-1'");
    await db.query("GRANT SYSTEM_USER ON *.* TO warden@'%'");
    await db.query(`GRANT EXECUTE ON PROCEDURE ${NAME} TO warden@'%'`);
    await refusedUntilGranted(db, ["up", "--yes"], ["GRANT SYSTEM_USER ON *.* TO 'migrator'@'%';"]);
  });

  test.skipIf(!isMysql)("an account that cannot see who has SYSTEM_USER is told what shows it", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query("CREATE USER keeper@'%' IDENTIFIED BY 'Owns-them-1'");
    await oldProcedure(db, "keeper@'%'");
    await makeMigrator(db, ["mysql.procs_priv"]);
    await refusedUntilGranted(
      db,
      ["up", "--yes"],
      ["GRANT SELECT ON mysql.global_grants TO 'migrator'@'%';", "GRANT SELECT ON mysql.role_edges TO 'migrator'@'%';"],
    );
  });

  test("down restores the procedure of an account that is gone", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query("CREATE USER gone@'%' IDENTIFIED BY 'Was-here-1'");
    await db.query(`GRANT SELECT, INSERT, UPDATE, EXECUTE ON ${db.database}.* TO gone@'%'`);
    await oldProcedure(db, "gone@'%'");
    expect((await runOn(db, ["up", "--yes"])).exit).toBe(0);
    await db.query("DROP USER gone@'%'");
    await makeMigrator(db);
    if (isMysql) await db.query("GRANT SYSTEM_USER ON *.* TO migrator@'%'");
    const command = ["down", "--to", "2017_10_16_1_processing_job_tables", "--yes", "--allow-data-loss"];
    if (isMysql) await refusedUntilGranted(db, command, ["GRANT ALLOW_NONEXISTENT_DEFINER ON *.* TO 'migrator'@'%';"]);
    else expect((await runOn(db, command, account)).exit).toBe(0);
    const [row] = await db.query(`SHOW CREATE PROCEDURE ${NAME}`);
    expect(row?.["Create Procedure"]).toContain("DEFINER=`gone`@`%`");
  });

  test("down drops the procedures that root created", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await makeMigrator(db);
    const command = ["down", "--to", "2017_10_16_1_processing_job_tables", "--yes", "--allow-data-loss"];
    if (isMysql) await refusedUntilGranted(db, command, ["GRANT SYSTEM_USER ON *.* TO 'migrator'@'%';"]);
    else expect((await runOn(db, command, account)).exit).toBe(0);
  });
});
