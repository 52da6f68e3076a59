/** Keys that no query may use, and columns that SELECT * leaves out: they may stay, and `verify` names each once, with the way back. */
import { expect, test } from "vitest";
import { runOn } from "../cli/run-cli.ts";
import { type Lane, type TestDatabase, freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { takeDown, upgrade } from "../support/upgrade.ts";

/** MariaDB has them since 10.6. */
const canIgnore = (lane: Lane) => lane.name !== "mariadb-10.5";
const ignoring = (lane: Lane) => (lane.vendor === "mysql" ? "INVISIBLE" : "IGNORED");

/** Of a table of ours, and of a table that was there. */
const keys = [
  ["ProcessingJobParameter", "ProcessingJobParameter_ibfk1"],
  ["AutoProcProgram", "AutoProcProgram_FK2"],
] as const;

/** Of a table of ours, of a table that was there, and of one that several migrations change. */
const columns = [
  ["ProcessingJob", "recipe"],
  ["ProcessingJobParameter", "parameterValue"],
  ["AutoProcProgram", "jobUuid"],
  ["AutoProcProgramMessage", "description"],
] as const;

interface Verified {
  readonly equal: boolean;
  readonly notices: readonly string[];
}

async function verified(db: TestDatabase): Promise<Verified> {
  const { exit, stdout, stderr } = await runOn(db, ["verify", "--json"]);
  expect(exit, stdout + stderr).toBe(0);
  return JSON.parse(stdout) as Verified;
}

/** What the notices about these objects say, and the statements that they print. */
async function fixed(db: TestDatabase, objects: readonly (readonly [table: string, name: string])[], says: string) {
  const before = await verified(db);
  for (const [table, name] of objects) {
    const about = before.notices.filter((notice) => notice.includes(`${table}.${name} `));
    expect(about, `${table}.${name}`).toEqual([expect.stringContaining(says)]);
    const statement = /to change that, run: (ALTER TABLE .*;)$/.exec(about[0] ?? "")?.[1] ?? "";
    await db.query(statement);
  }
  const after = await verified(db);
  expect(after.notices).toHaveLength(before.notices.length - objects.length);
  return after;
}

onEveryServer("what is hidden from queries", (lane) => {
  test.runIf(canIgnore(lane))("keys of ours", async () => {
    await using db = await upgradedDatabase(lane, "official");
    const form = () => Promise.all(keys.map(([table]) => db.query(`SHOW CREATE TABLE ${table}`)));
    const before = await form();
    for (const [table, key] of keys) await db.query(`ALTER TABLE ${table} ALTER INDEX ${key} ${ignoring(lane)}`);
    expect(await upgrade(db)).toMatchObject({ recorded: [], verification: { differences: [] } });
    await fixed(db, keys, "exists, but queries do not use it");
    expect(await form()).toEqual(before);
  });

  test.runIf(canIgnore(lane))("a key that was there is adopted, and stays as it is", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query("ALTER TABLE AutoProcProgram ADD processingJobId int unsigned, ADD KEY own (processingJobId)");
    await db.query(`ALTER TABLE AutoProcProgram ALTER INDEX own ${ignoring(lane)}`);
    const form = () => db.query("SHOW CREATE TABLE AutoProcProgram");
    const before = await form();
    const { verification } = await upgrade(db);
    expect(verification.differences).toEqual([]);
    await takeDown(db);
    expect(await form()).toEqual(before);
    // A second key on the column serves the queries.
    await db.query("ALTER TABLE AutoProcProgram ADD KEY used (processingJobId)");
    await upgrade(db);
    expect((await verified(db)).notices.filter((notice) => notice.includes("no query"))).toEqual([]);
  });

  test("columns of ours", async () => {
    await using db = await upgradedDatabase(lane, "official");
    const form = () => Promise.all(columns.map(([table]) => db.query(`SHOW CREATE TABLE ${table}`)));
    await db.query("ALTER TABLE ProcessingJob MODIFY recipe varchar(50) DEFAULT 'x' COMMENT 'it''s'");
    const before = await form();
    for (const [table, column] of columns) {
      const [row] = await db.query<{ "Create Table": string }>(`SHOW CREATE TABLE ${table}`);
      const line = row?.["Create Table"].split("\n").find((each) => each.trim().startsWith(`\`${column}\``)) ?? "";
      const [, definition = "", comment = ""] = /^(.*?)( COMMENT '.*')?,?$/.exec(line.trim()) ?? [];
      await db.query(`ALTER TABLE ${table} MODIFY ${definition} INVISIBLE${comment}`);
    }
    expect(await form()).not.toEqual(before);
    await fixed(db, columns, "is INVISIBLE: SELECT * leaves it out");
    expect(await form()).toEqual(before);
  });
});
