/**
 * Who procedures run as. After an `up` by an account with the least privileges, that account may go: every client's call
 * works, or `up` had refused before its first change, with the GRANT.
 */
import type { Connection } from "mysql2/promise";
import { createConnection } from "mysql2/promise";
import { expect, test } from "vitest";
import type { OwnBase } from "../../src/base/base.ts";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { loadProcedures } from "../../src/repeatables/procedures/source.ts";
import { runOn } from "../cli/run-cli.ts";
import { calls } from "../procedures/client-calls.ts";
import { createJob } from "../procedures/create-job.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { catalogOf } from "../support/upgrade.ts";

const names = (await loadProcedures()).map(({ name }) => name);

const password = "Moves-them-1";
const migrator = { user: "migrator", password };
const least = "SELECT, INSERT, UPDATE, CREATE, ALTER, INDEX, REFERENCES, CREATE ROUTINE";

/** An account with these privileges on the database. */
async function makeAccount(db: TestDatabase, name: string, privileges: string): Promise<void> {
  await db.query(`CREATE USER ${name}@'%' IDENTIFIED BY '${password}'`);
  if (privileges !== "") await db.query(`GRANT ${privileges} ON ${db.database}.* TO ${name}@'%'`);
}

/** What a facility has under these names, of this account. */
async function oldProcedures(db: TestDatabase, definer: string, some: readonly string[]): Promise<void> {
  for (const name of some)
    await db.query(`CREATE DEFINER=${definer} PROCEDURE ${name}(p_id int) SELECT 'old' AS answer`);
}

const grantsIn = (text: string) => text.match(/GRANT [^`\n]*(?:`[^`]*`[^\n]*)?;/g) ?? [];

/** Runs each refused command's GRANTs until it is done: no refusal changes anything. Returns the GRANTs. */
async function untilDone(db: TestDatabase, command: readonly string[], account = migrator): Promise<string[]> {
  const given: string[] = [];
  const before = await catalogOf(db);
  for (let round = 0; round < 6; round++) {
    const ended = await runOn(db, command, account);
    if (ended.exit === 0) return given;
    expect(ended.exit, ended.stderr).toBe(4);
    expect(ended.stderr).toContain("nothing was changed");
    expect(compareCatalogs(before, await catalogOf(db))).toEqual([]);
    const grants = grantsIn(ended.stderr);
    expect(grants, ended.stderr).not.toEqual([]);
    for (const grant of grants) await db.query(grant);
    given.push(...grants);
  }
  throw new Error(`still refused after ${given.join("\n")}`);
}

/** Calls all twenty-one, or these, as a client that may do nothing but execute; the names of those that failed, with the server's number. */
async function failingCalls(db: TestDatabase, wanted = names): Promise<Record<string, number>> {
  await db.query(`CREATE USER IF NOT EXISTS client@'%' IDENTIFIED BY '${password}'`);
  await db.query(`GRANT EXECUTE ON ${db.database}.* TO client@'%'`);
  const { host, port, database } = db;
  const connection: Connection = await createConnection({
    host,
    port,
    database,
    user: "client",
    password,
    charset: "utf8mb4",
    dateStrings: true,
  });
  const failing: Record<string, number> = {};
  const attempt = async (name: string, call: () => Promise<unknown>) => {
    try {
      await call();
    } catch (error) {
      const { errno } = error as { errno?: number };
      if (errno === undefined) throw error;
      failing[name] = errno;
    }
  };
  try {
    const story = { db, connection, job: 0, program: 0 };
    for (const [name, call] of Object.entries(calls))
      if (wanted.includes(name)) await attempt(name, () => call(story, name));
    const job = { dataCollectionId: 1, program: { programs: "dials" } };
    if (wanted.includes("create_processing_job"))
      await attempt("create_processing_job", () => createJob(connection, job));
  } finally {
    connection.destroy();
  }
  return failing;
}

async function definersOf(db: TestDatabase): Promise<unknown[]> {
  const rows = await db.query<{ definer: string }>(
    "SELECT DISTINCT DEFINER AS definer FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() ORDER BY 1",
  );
  return rows.map(({ definer }) => definer);
}

onEveryServer("who procedures run as", (lane) => {
  const isMysql = lane.vendor === "mysql";

  test.each<OwnBase>(["official", "diamond"])(
    "the existing definer stays, on the flavour %s: the migration account may be dropped",
    async (flavour) => {
      await using db = await freshDatabase(lane, flavour);
      await makeAccount(db, "owner", "SELECT, INSERT, UPDATE, EXECUTE");
      await oldProcedures(db, "owner@'%'", names.slice(0, 15));
      await makeAccount(db, "migrator", least);
      const grants = await untilDone(db, ["up", "--yes"]);
      expect(grants.join("\n")).toContain(isMysql ? "SET_ANY_DEFINER" : "SET USER");
      // What the other account may do is not visible to this one.
      const verify = await runOn(db, ["verify"], migrator);
      expect(verify.stdout).toContain("not visible  this account cannot see whether owner@%, as which procedures run,");
      expect(await definersOf(db)).toEqual(["owner@%"]);
      await db.query("DROP USER migrator@'%'");
      expect(await failingCalls(db)).toEqual({});
      expect((await runOn(db, ["verify"])).exit).toBe(0);
      expect((await runOn(db, ["status"])).exit).toBe(0);
    },
  );

  test("without existing procedures they run as the migration account: locked, it goes on; dropped, it is said", async () => {
    await using db = await freshDatabase(lane, "official");
    await makeAccount(db, "migrator", least);
    const up = await runOn(db, ["up", "--yes"], migrator);
    expect(up.exit, up.stderr).toBe(0);
    expect(up.stderr).toContain("21 new procedures will run as migrator@%");
    const advice =
      /do not drop migrator@% afterwards: the procedures run as this account, and their calls would fail\. To lock it: (ALTER USER .* ACCOUNT LOCK);/;
    expect(up.stdout).toMatch(advice);
    await db.query(advice.exec(up.stdout)?.[1] ?? up.stdout);
    expect((await runOn(db, ["status"], migrator)).exit).toBe(78);
    expect(await failingCalls(db)).toEqual({});
    expect((await runOn(db, ["verify"])).exit).toBe(0);

    await db.query("DROP USER migrator@'%'");
    expect(await failingCalls(db)).toEqual(Object.fromEntries(names.map((name) => [name, 1449])));
    const verify = await runOn(db, ["verify"]);
    expect(verify.exit).toBe(1);
    expect(verify.stdout).toContain(
      "procedure create_processing_job runs as migrator@%, which does not exist: calls fail (1449)\n",
    );
    expect(verify.stdout).toMatch(/fix for these 21 .* up /);
    const status = await runOn(db, ["status"]);
    expect([status.exit, status.stdout]).toEqual([1, expect.stringContaining("21 procedures pending")]);
    const plan = await runOn(db, ["plan"]);
    expect(plan.stdout).toMatch(/^21 procedures will run as root@\S+ instead of migrator@%, which does not exist$/m);
    expect((await runOn(db, ["up", "--yes"])).exit).toBe(0);
    expect(await failingCalls(db)).toEqual({});
    expect((await runOn(db, ["verify"])).exit).toBe(0);
  });

  test.each([
    ["the tables", "EXECUTE", /keeper@% lacks SELECT on .*; INSERT on .*; UPDATE on /],
    ["its own procedures", "SELECT, INSERT, UPDATE", "keeper@% lacks EXECUTE on 21 procedures"],
  ])("a definer without privileges on %s: refused with the GRANT, and then it stays", async (_, privileges, found) => {
    await using db = await freshDatabase(lane, "official");
    await makeAccount(db, "keeper", privileges);
    await oldProcedures(db, "keeper@'%'", names.slice(0, 2));
    await makeAccount(db, "migrator", least);
    await db.query(`GRANT ${isMysql ? "SET_ANY_DEFINER, SHOW_ROUTINE" : "SET USER"} ON *.* TO migrator@'%'`);
    // Only now can the migration account see what the other one lacks.
    for (const grant of grantsIn((await runOn(db, ["plan"], migrator)).stdout)) await db.query(grant);
    for (const table of isMysql ? ["user", "db", "tables_priv", "procs_priv", "role_edges", "default_roles"] : ["proc"])
      await db.query(`GRANT SELECT ON mysql.${table} TO migrator@'%'`);
    if (isMysql) await db.query("GRANT SELECT ON mysql.global_grants TO migrator@'%'");
    await db.query(`GRANT ALTER ROUTINE ON ${db.database}.* TO migrator@'%'`);
    const refused = await runOn(db, ["up", "--yes"], migrator);
    expect(refused.exit, refused.stderr).toBe(4);
    expect(refused.stderr).toContain("calls of procedures would fail: they run as keeper@%");
    expect(refused.stderr).toMatch(found);
    await untilDone(db, ["up", "--yes"]);
    expect(await definersOf(db)).toEqual(["keeper@%"]);
    await db.query("DROP USER migrator@'%'");
    expect(await failingCalls(db)).toEqual({});
  });

  test("a definer that becomes powerless is a difference, with the GRANT that ends it", async () => {
    await using db = await freshDatabase(lane, "official");
    await makeAccount(db, "keeper", "SELECT, INSERT, UPDATE, EXECUTE");
    const up = await runOn(db, ["up", "--yes", "--definer", "keeper"]);
    expect(up.exit, up.stderr).toBe(0);
    expect(await definersOf(db)).toEqual(["keeper@%"]);
    // Who only reads is told that this is not visible, and what would show it.
    await makeAccount(db, "reader", "SELECT, SHOW VIEW");
    await db.query(isMysql ? "GRANT SHOW_ROUTINE ON *.* TO reader@'%'" : "GRANT SELECT ON mysql.proc TO reader@'%'");
    const reader = { user: "reader", password };
    const blind = await runOn(db, ["verify"], reader);
    expect(blind.exit, blind.stdout).toBe(0);
    expect(blind.stdout).toContain("cannot see whether keeper@%, as which procedures run, may do what they do");
    expect((await runOn(db, ["status"], reader)).stdout).toContain("cannot see whether keeper@%");
    expect(blind.stdout).not.toContain("mysql.*");
    for (const grant of grantsIn(blind.stdout)) await db.query(grant);
    const seeing = await runOn(db, ["verify"], reader);
    expect([seeing.exit, seeing.stdout]).toEqual([0, expect.not.stringContaining("keeper@%")]);

    for (const [revoked, number, some, found] of [
      ["EXECUTE", 1370, "21 procedures", "EXECUTE on 21 procedures"],
      ["INSERT", 1142, "7 procedures", "INSERT on 6 tables"],
    ] as const) {
      await db.query(`REVOKE ${revoked} ON ${db.database}.* FROM keeper@'%'`);
      // Without the rows that this one inserts, others have nothing to answer.
      const first = "upsert_processing_job";
      expect(await failingCalls(db, [first])).toEqual({ [first]: number });
      for (const account of [undefined, reader]) {
        const verify = await runOn(db, ["verify"], account);
        expect([verify.exit, verify.stdout]).toEqual([
          1,
          expect.stringContaining(`${some} run as keeper@%, and calls fail (${number}): keeper@% lacks ${found}`),
        ]);
        const status = await runOn(db, ["status"], account);
        expect([status.exit, status.stdout]).toEqual([
          1,
          expect.stringContaining(`keeper@% lacks ${found}; calls fail`),
        ]);
      }
      for (const grant of grantsIn((await runOn(db, ["verify"])).stdout)) await db.query(grant);
      expect(await failingCalls(db)).toEqual({});
      expect((await runOn(db, ["verify"])).exit).toBe(0);
    }
  });

  test("the first lines of the plan say which procedures are replaced; the printed command keeps them", async () => {
    await using db = await freshDatabase(lane, "official");
    await makeAccount(db, "owner", "SELECT, INSERT, UPDATE, EXECUTE");
    await oldProcedures(db, "owner@'%'", names.slice(0, 3));
    const shown =
      /^replaces 3 procedures that this tool did not write; to keep all as they are: `ispyb-migrate (.*)`$/m;
    const plan = await runOn(db, ["plan"]);
    const head = plan.stdout.slice(0, plan.stdout.indexOf("\n\n"));
    expect(head).toMatch(shown);
    expect(head).toContain("3 procedures will run as owner@%, as now\n18 new procedures will run as owner@%");
    const [, command = ""] = shown.exec(head) ?? [];
    const args = command.replace(/ --(?:url|database) \S+/g, "").split(" ");
    const kept = await runOn(db, [...args, "--yes"]);
    expect(kept.exit, kept.stderr).toBe(0);
    const bodies = await db.query(
      "SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()",
    );
    expect(bodies).toHaveLength(3);
    const up = await runOn(db, ["up", "--yes", "--unskip", "procedures"]);
    expect(up.exit, up.stderr).toBe(0);
    expect(up.stderr.slice(0, up.stderr.indexOf("\n\n"))).toMatch(shown);
    expect(await definersOf(db)).toEqual(["owner@%"]);
  });

  test("--definer moves procedures, and the plan says from whom", async () => {
    await using db = await freshDatabase(lane, "official");
    await makeAccount(db, "owner", "SELECT, INSERT, UPDATE, EXECUTE");
    await makeAccount(db, "keeper", "SELECT, INSERT, UPDATE, EXECUTE");
    await oldProcedures(db, "owner@'%'", names);
    const wanted = ["--definer", "keeper@%"];
    const plan = await runOn(db, ["plan", "--json", ...wanted]);
    expect(JSON.parse(plan.stdout).definers).toEqual([
      { before: "owner@%", gone: false, after: "keeper@%", procedures: names },
    ]);
    const up = await runOn(db, ["up", "--yes", ...wanted]);
    expect(up.stderr).toContain("21 procedures will run as keeper@% instead of owner@%");
    // Without an answer the question comes back in the error.
    const asked = await runOn(db, ["up", "--definer", "owner@%"]);
    expect([asked.exit, asked.stderr]).toEqual([
      64,
      expect.stringContaining("Apply 21 procedures (21 procedures will run as owner@% instead of keeper@%) to"),
    ]);
    expect(await definersOf(db)).toEqual(["keeper@%"]);
  });

  test("the migration account may do something only by a role, or gets no EXECUTE: refused where calls would fail", async () => {
    await using db = await freshDatabase(lane, "official");
    await makeAccount(db, "migrator", "");
    await db.query("CREATE ROLE movers");
    await db.query(`GRANT ${least} ON ${db.database}.* TO movers`);
    await db.query("GRANT movers TO migrator@'%'");
    await db.query(`SET DEFAULT ROLE movers ${isMysql ? "TO" : "FOR"} migrator@'%'`);
    await db.query("SET GLOBAL automatic_sp_privileges = OFF");
    const grants = await untilDone(db, ["up", "--yes"]);
    // A role counts for a DEFINER on MySQL only.
    const privileges = isMysql ? "EXECUTE" : "SELECT, INSERT, UPDATE, EXECUTE";
    expect(grants).toEqual([`GRANT ${privileges} ON \`${db.database}\`.* TO 'migrator'@'%';`]);
    expect(await failingCalls(db)).toEqual({});
  });
});
