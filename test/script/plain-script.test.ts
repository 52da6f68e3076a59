/** `plan --sql FILE --plain`: run by hand, it ends where `up` ends, and `up` records it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Connection, ResultSetHeader } from "mysql2/promise";
import { expect, test } from "vitest";
import { statements } from "../../src/base/split-script.ts";
import { temporaryFolder } from "../support/folder.ts";
import { everythingIsWanted } from "../support/lanes.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { stockClient } from "../support/stock-client.ts";
import { catalogOf, upgrade } from "../support/upgrade.ts";
import { runOn } from "../cli/run-cli.ts";
import { byHand } from "./by-hand.ts";

const found = await stockClient((line) => process.stderr.write(`tests: ${line}\n`));
if ("reason" in found && everythingIsWanted()) throw new Error(found.reason);

/** More rows than one run of a fill takes. */
const manyRows =
  "INSERT INTO AutoProcProgramMessage (recordTimeStamp, severity, message) " +
  "SELECT NULL, NULL, a.TABLE_NAME FROM information_schema.COLUMNS AS a LIMIT 1500";

/** What each check of the script printed, and how often the fills were sent. */
interface Read {
  readonly checks: readonly (readonly [what: string, said: string])[];
  readonly fills: readonly number[];
}

/** As a person does it: statement by statement in one session, which keeps `up` out until it ends. */
async function runByHand(db: TestDatabase, script: string): Promise<Read> {
  const session = await db.connection();
  try {
    return await readThrough(session, script);
  } finally {
    await session.end();
  }
}

/** A fill is repeated until it changes no row. Throws at a check that says STOP. */
async function readThrough(session: Connection, script: string): Promise<Read> {
  const checks: [string, string][] = [];
  const fills: number[] = [];
  for (const { sql, source } of statements(script)) {
    const isFill = source.includes("repeat this statement until it changes no row");
    if (isFill) expect(sql).toMatch(/^UPDATE .* LIMIT \d+$/s);
    if (isFill) {
      fills.push(await repeated(session, sql));
      continue;
    }
    const [result] = await session.query(sql);
    if (!sql.startsWith("SELECT IF(")) continue;
    for (const row of result as Record<string, string>[]) checks.push(...Object.entries(row));
    const [what, said] = checks.at(-1) ?? ["no check", "no answer"];
    if (said !== "ok") throw new Error(`${what}: ${said}`);
  }
  return { checks, fills };
}

/** How often the statement was sent until it changed no row. */
async function repeated(session: Connection, sql: string): Promise<number> {
  for (let times = 1; ; times++) {
    const [result] = await session.query<ResultSetHeader>(sql);
    if (result.affectedRows === 0) return times;
  }
}

async function scriptOf(db: TestDatabase, options: readonly string[] = []): Promise<string> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "plain.sql");
  const { exit, stderr } = await runOn(db, ["plan", "--sql", file, "--plain", ...options]);
  expect(exit, stderr).toBe(0);
  expect(stderr).toMatch(/afterwards {2}.* verify .*\n.*afterwards {2}.* up /);
  return await readFile(file, "utf8");
}

onEveryServer("plan --sql --plain", (lane) => {
  const situations: readonly (readonly [string, readonly string[]])[] = [
    ["an empty official base", []],
    ["a half state with rows to fill", [...byHand, manyRows]],
  ];

  test.each(situations)("on %s, by hand: verify is content, and up records it as found", async (what, given) => {
    await using db = await freshDatabase(lane, "official");
    await using twin = await freshDatabase(lane, "official");
    for (const statement of given) for (const each of [db, twin]) await each.query(statement);
    const script = await scriptOf(db);
    const { checks, fills } = await runByHand(db, script);
    expect(new Set(checks.map(([, said]) => said))).toEqual(new Set(["ok"]));
    expect(checks.filter(([check]) => check.startsWith("before step")).length).toBeGreaterThan(5);
    expect(fills.some((times) => times > 2)).toBe(what.startsWith("a half state"));

    expect(await runOn(db, ["verify"])).toMatchObject({ exit: 0 });
    const status = await runOn(db, ["status"]);
    expect(status).toMatchObject({ exit: 1, stdout: expect.stringContaining("not recorded yet") });
    await upgrade(twin);
    expect(await catalogOf(db)).toEqual(await catalogOf(twin));

    // A second time every statement is done already, and the checks say so before it.
    await expect(runByHand(db, script)).rejects.toThrow(/^before step \d+: STOP: it is done already/);

    expect(await runOn(db, ["up", "--yes"])).toMatchObject({ exit: 0 });
    expect(await runOn(db, ["status"])).toMatchObject({ exit: 0 });
    const states = "SELECT DISTINCT state FROM ispyb_migrate_journal";
    expect(await db.query(states)).toEqual([{ state: "found" }]);
  });

  test.skipIf("reason" in found)(
    "the stock client takes the whole file, with a role; a skip and a repair",
    async () => {
      if ("reason" in found) throw new Error(found.reason);
      await using db = await freshDatabase(lane, "official");
      await db.query("CREATE ROLE ispyb_web");
      const skip = ["--skip", "procedures", "--reason", "ours are enough"];
      expect(await runOn(db, ["plan", "--plain"])).toMatchObject({ exit: 64 });
      const first = await scriptOf(db, skip);
      expect(first).not.toContain("CREATE PROCEDURE");
      expect(first).toMatch(/^GRANT [^]*^SHOW GRANTS FOR .*ispyb_web/m);
      const { code, output } = await found.run(db, first);
      expect(code, output).toBe(0);
      expect(output).not.toContain("STOP");
      expect(await runOn(db, ["up", "--yes"])).toMatchObject({ exit: 0 });

      await db.query("ALTER TABLE ProcessingJob DROP COLUMN recipe");
      await db.query("ALTER TABLE AutoProcProgram DROP COLUMN jobUuid");
      const again = await found.run(db, await scriptOf(db, ["--repair"]));
      expect(again.code, again.output).toBe(0);
      expect(again.output).not.toContain("STOP");
      expect(await runOn(db, ["verify"])).toMatchObject({ exit: 0 });
      expect(await runOn(db, ["status"])).toMatchObject({ exit: 0 });
    },
  );
});
