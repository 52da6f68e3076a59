/** Privileges of a facility's roles: missing ones are granted, others are kept, and down revokes ours. */
import { expect, test } from "vitest";
import { formatRole } from "../../src/access/role.ts";
import { type Identity, identify, identityColumns } from "../../src/dialect/identify.ts";
import { runOn } from "../cli/run-cli.ts";
import { type TestDatabase, freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { takeDown, upgrade } from "../support/upgrade.ts";

/** The lines of SHOW GRANTS, or none where there is no such role. */
async function grantsOf(db: TestDatabase, role: string): Promise<string[]> {
  const [server] = await db.query<Identity>(`SELECT ${identityColumns}`);
  const spelled = formatRole(role, identify({ version: "", comment: "", ...server }));
  const rows = await db.query(`SHOW GRANTS FOR ${spelled}`).catch(() => []);
  return rows.flatMap((row) => Object.values(row).map(String)).toSorted();
}

/** Runs a command until it is done, each time with the GRANTs that it printed; returns them. */
async function withGrants(db: TestDatabase, account: { user: string; password: string }, args: string[]) {
  const printed: string[] = [];
  for (let attempt = 1; attempt <= 5; attempt++) {
    const { exit, stderr } = await runOn(db, args, account);
    if (exit === 0) return printed;
    const grants = stderr.match(/GRANT .*;/g) ?? [];
    expect(grants, stderr).not.toEqual([]);
    for (const grant of grants) await db.query(grant);
    printed.push(...grants);
  }
  return expect.fail(`refused five times: ${args.join(" ")}`);
}

onEveryServer("roles", (lane) => {
  const isDenied = lane.vendor === "mysql" ? 1142 : 1044;

  test("an existing role gets what it lacks and keeps what it has; down revokes what was granted", async () => {
    await using db = await freshDatabase(lane, "official");
    for (const role of ["ispyb_web", "ispyb_processing"]) await db.query(`CREATE ROLE ${role}`);
    // As the official flavour has it: everything may be read.
    await db.query("GRANT SELECT ON ispyb.* TO ispyb_web");
    await db.query("GRANT DELETE ON ispyb.DataCollection TO ispyb_processing");
    const before = [await grantsOf(db, "ispyb_web"), await grantsOf(db, "ispyb_processing")];
    const { repeatables, verification } = await upgrade(db);
    expect(repeatables.filter((name) => name.startsWith("grants/"))).toEqual([
      "grants/ispyb_processing",
      "grants/ispyb_web",
    ]);
    expect(verification.differences).toEqual([]);
    const web = await grantsOf(db, "ispyb_web");
    expect(web.join("\n")).toMatch(/GRANT INSERT ON .*ProcessingJobParameter/i);
    expect(web.join("\n")).not.toMatch(/GRANT SELECT.* ON .*\.`?ProcessingJob`? /i);

    await db.query("CREATE USER worker@'%' IDENTIFIED BY 'Runs-pipelines-1'");
    await db.query("GRANT ispyb_processing TO worker@'%'");
    const worker = lane.vendor === "mariadb" ? "FOR worker@'%'" : "TO worker@'%'";
    await db.query(`SET DEFAULT ROLE ispyb_processing ${worker}`);
    const connection = await db.connection();
    await connection.changeUser({ user: "worker", password: "Runs-pipelines-1", database: db.database });
    await connection.query("SET @id = NULL");
    await connection.query("CALL upsert_processing_job(@id, 1, 'by a role', NULL, NULL, 1)");
    expect(await db.query("SELECT displayName FROM ProcessingJob")).toEqual([{ displayName: "by a role" }]);

    await takeDown(db);
    expect([await grantsOf(db, "ispyb_web"), await grantsOf(db, "ispyb_processing")]).toEqual(before);
  });

  test("an account that cannot see roles is not told that they are up to date", async () => {
    await using db = await upgradedDatabase(lane, "official");
    const account = { user: "migrator", password: "Sees-no-roles-1" };
    await db.query(`CREATE USER migrator@'%' IDENTIFIED BY '${account.password}'`);
    await db.query(`GRANT ALL ON ${db.database}.* TO migrator@'%'`);
    const status = await runOn(db, ["status"], account);
    expect([status.exit, status.stdout]).toEqual([
      0,
      expect.stringContaining("\nup to date, as far as this account can see: 15 migrations applied\n"),
    ]);
    const verify = await runOn(db, ["verify"], account);
    expect([verify.exit, verify.stdout]).toEqual([
      0,
      expect.stringContaining("\nequal, as far as this account can see: the schema is as 15 migrations describe it"),
    ]);
    const wanted = await runOn(db, ["status", "--create-roles"], account);
    expect([wanted.exit, wanted.stdout]).toEqual([1, expect.not.stringContaining("up to date")]);
    expect((await runOn(db, ["plan", "--check", "--create-roles"], account)).exit).toBe(1);
    const up = await runOn(db, ["up", "--yes", "--create-roles"], account);
    expect(up.exit).toBe(4);
    expect(up.stderr).toContain(
      "error MISSING_PRIVILEGE: this account cannot see roles, so --create-roles is not possible",
    );
    for (const grant of up.stderr.match(/GRANT .*;/g) ?? [up.stderr]) await db.query(grant);
    expect((await runOn(db, ["status", "--create-roles"], account)).stdout).toMatch(/grants +pending +0\/3/);
  });

  test("the GRANTs that show roles show no password, and all that the server itself says of them", async () => {
    await using db = await upgradedDatabase(lane, "official");
    const account = { user: "migrator", password: "Sees-roles-1" };
    await db.query(`CREATE USER migrator@'%' IDENTIFIED BY '${account.password}'`);
    await db.query(`GRANT ALL ON ${db.database}.* TO migrator@'%' WITH GRANT OPTION`);
    for (const role of ["ispyb_web", "ispyb_processing", "inner_role"]) await db.query(`CREATE ROLE ${role}`);
    await db.query("GRANT SELECT ON *.* TO ispyb_web");
    await db.query(`GRANT INSERT, UPDATE ON ${db.database}.ProcessingJob TO ispyb_web`);
    await db.query(`GRANT EXECUTE ON PROCEDURE ${db.database}.retrieve_processing_job TO ispyb_processing`);
    const blind = await runOn(db, ["verify"], account);
    const printed = blind.stdout.match(/GRANT .*;/g) ?? [];
    expect(printed.join("\n")).not.toMatch(/mysql\.\*|global_priv|(?<!\) )ON mysql\.user/);
    for (const grant of printed) await db.query(grant);
    const connection = await db.connection();
    await connection.changeUser({ ...account, database: "mysql" });
    await expect(connection.query("SELECT authentication_string FROM user")).rejects.toMatchObject({ errno: 1143 });
    // Refused, so that what follows is read from the tables.
    await expect(connection.query("SHOW GRANTS FOR root@localhost")).rejects.toMatchObject({ errno: isDenied });
    const [seen, all] = [await runOn(db, ["verify"], account), await runOn(db, ["verify"])];
    const lacking = (text: string) => text.match(/role \w+ lacks .*/g);
    expect(lacking(seen.stdout)).toEqual(lacking(all.stdout));
    expect(lacking(seen.stdout)?.join("\n")).not.toMatch(/ispyb_web lacks (?:SELECT|INSERT on ProcessingJob$)/m);
    const up = await runOn(db, ["up", "--yes"], account);
    expect(up.exit, up.stderr).toBe(0);
    expect((await runOn(db, ["verify"], account)).exit).toBe(0);
    expect((await runOn(db, ["verify"])).exit).toBe(0);
  });

  test("a missing role is created only with --create-roles; then down drops it", async () => {
    await using db = await upgradedDatabase(lane, "official");
    expect(await grantsOf(db, "ispyb_web")).toEqual([]);
    const wanted = await runOn(db, ["status", "--create-roles"]);
    expect(wanted.exit).toBe(1);
    expect(wanted.stdout).toMatch(/grants +pending +0\/3/);
    const up = await runOn(db, ["up", "--yes", "--create-roles"]);
    expect(up.exit, up.stderr).toBe(0);
    expect((await grantsOf(db, "ispyb_web")).join("\n")).toMatch(/ProcessingJobImageSweep/i);
    expect((await runOn(db, ["status"])).exit).toBe(0);
    await takeDown(db);
    expect(await grantsOf(db, "ispyb_web")).toEqual([]);
  });

  test("an account that may not drop the roles that it created is told so before down changes anything", async () => {
    await using db = await freshDatabase(lane, "official");
    const account = { user: "migrator", password: "Drops-no-role-1" };
    await db.query(`CREATE USER migrator@'%' IDENTIFIED BY '${account.password}'`);
    await db.query(`GRANT ALL ON ${db.database}.* TO migrator@'%' WITH GRANT OPTION`);
    // Without it the account cannot see whether the roles are empty, and leaves them.
    await db.query("GRANT SELECT ON mysql.* TO migrator@'%'");
    const creating = lane.vendor === "mysql" ? "CREATE ROLE" : "CREATE USER";
    const mayCreate = await withGrants(db, account, ["up", "--yes", "--create-roles"]);
    expect(mayCreate.join("\n")).toContain(`GRANT ${creating} ON *.* TO 'migrator'@'%';`);
    await db.query(`REVOKE ${creating} ON *.* FROM migrator@'%'`);

    const before = await grantsOf(db, "ispyb_web");
    const down = ["down", "--last", "15", "--yes", "--allow-data-loss"];
    const refused = await runOn(db, down, account);
    expect([refused.exit, refused.stderr]).toEqual([
      4,
      expect.stringContaining("error MISSING_PRIVILEGE: this account cannot drop the roles that `up` created\n"),
    ]);
    expect(refused.stderr).toContain(
      lane.vendor === "mysql" ? "without DROP ROLE or CREATE USER (one is enough)\n" : "without CREATE USER\n",
    );
    expect(await grantsOf(db, "ispyb_web")).toEqual(before);
    expect(await withGrants(db, account, down)).toHaveLength(1);
    expect(await grantsOf(db, "ispyb_web")).toEqual([]);
  });

  test("roles that have their privileges, and are not recorded, count as to record and not as pending", async () => {
    await using db = await upgradedDatabase(lane, "official");
    expect((await runOn(db, ["up", "--yes", "--create-roles"])).exit).toBe(0);
    await db.query("DELETE FROM ispyb_migrate_journal WHERE migration LIKE 'grants/%'");
    const unrecorded = await runOn(db, ["status"]);
    expect([unrecorded.exit, unrecorded.stdout]).toEqual([
      1,
      expect.stringContaining("privileges of 3 roles not recorded yet; no change needed; `ispyb-migrate up"),
    ]);
    expect((await runOn(db, ["plan"])).stdout).toContain(
      "\npending: privileges of 3 roles to record (no change needed).",
    );
    expect((await runOn(db, ["up", "--yes"])).exit).toBe(0);
    expect((await runOn(db, ["status"])).stdout).toContain("\nup to date: 15 migrations applied");
  });

  test("an account without GRANT OPTION is told so, and can skip the roles", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query("CREATE ROLE ispyb_web");
    const account = { user: "migrator", password: "No-grant-option-1" };
    await db.query(`CREATE USER migrator@'%' IDENTIFIED BY '${account.password}'`);
    await db.query("GRANT ALL ON ispyb.* TO migrator@'%'");
    for (const grant of (await runOn(db, ["verify"], account)).stdout.match(/GRANT .*;/g) ?? []) await db.query(grant);
    const refused = await runOn(db, ["up", "--yes"], account);
    expect(refused.exit).toBe(4);
    expect(refused.stderr).toContain("GRANT GRANT OPTION ON `ispyb`.* TO 'migrator'@'%';");
    const skipped = await runOn(db, ["up", "--yes", "--skip", "grants", "--reason", "the DBA does it"], account);
    expect(skipped.exit, skipped.stderr).toBe(0);
    expect((await runOn(db, ["verify"])).stdout).toContain("skipped: grants, because: the DBA does it");
  });
});
