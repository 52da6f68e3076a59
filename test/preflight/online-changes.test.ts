/** Another program changes a table of the plan: refused by name, and what is printed makes room. */
import { expect, test } from "vitest";
import { statements } from "../../src/base/split-script.ts";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { runOn } from "../cli/run-cli.ts";
import { type TestDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { catalogOf } from "../support/upgrade.ts";

const copy = (name: string) => `CREATE TABLE ${name} LIKE AutoProcProgram`;
const small = (name: string) => `CREATE TABLE ${name} (id int PRIMARY KEY, last_update timestamp NULL)`;
const trigger = (what: string, row: string) =>
  `CREATE TRIGGER pt_osc_ispyb_AutoProcProgram_${what.slice(0, 3)} AFTER ${what} ON AutoProcProgram FOR EACH ROW ` +
  `DELETE IGNORE FROM _AutoProcProgram_new WHERE autoProcProgramId <=> ${row}.autoProcProgramId`;

/** What each of them leaves behind when it is killed in the middle of its work. */
const tools: readonly [tool: string, found: readonly string[], made: readonly string[]][] = [
  [
    "pt-online-schema-change",
    ["trigger pt_osc_ispyb_AutoProcProgram_INS on AutoProcProgram", "table _AutoProcProgram_new"],
    [copy("_AutoProcProgram_new"), trigger("INSERT", "NEW"), trigger("UPDATE", "OLD"), trigger("DELETE", "OLD")],
  ],
  [
    "gh-ost",
    ["table _AutoProcProgram_ghc", "table _AutoProcProgram_gho"],
    [small("_AutoProcProgram_ghc"), copy("_AutoProcProgram_gho"), small("_AutoProcProgram_del")],
  ],
  [
    "Spirit",
    ["table _AutoProcProgram_chkpnt", "table _AutoProcProgram_new", "table _spirit_sentinel"],
    [copy("_AutoProcProgram_new"), small("_AutoProcProgram_chkpnt"), small("_spirit_sentinel")],
  ],
];

/** Runs the statements that an error prints as its next ones. */
async function follow(db: TestDatabase, printed: string): Promise<void> {
  const next = printed.slice(printed.indexOf("  next "));
  const lines = next.split("\n").map((line) => line.slice(7).trim());
  const parts = statements(lines.filter((line) => /^(?:SELECT|DROP) /.test(line)).join("\n"));
  expect(parts.length, printed).toBeGreaterThan(0);
  for (const { sql } of parts) await db.query(sql);
}

onEveryServer("an online change of another program", (lane) => {
  const makeDatabase = sharedServer(lane);

  test.each(tools)(
    "%s: refused by name before the first change; what it prints makes room",
    async (tool, found, made) => {
      await using db = await makeDatabase("official");
      for (const sql of made) await db.query(sql);
      const before = await catalogOf(db);

      const plan = await runOn(db, ["plan"]);
      expect(plan.exit, plan.stderr).toBe(0);
      expect(plan.stderr).toContain(`\`up\` would refuse now: ${tool} has begun to change AutoProcProgram`);
      const { exit, stderr } = await runOn(db, ["up", "--yes"]);
      expect(exit, stderr).toBe(4);
      expect(stderr).toContain(`error CONFLICT: ${tool} has begun to change AutoProcProgram, and has not ended\n`);
      for (const each of found) expect(stderr).toContain(`${each}, made by ${tool} for AutoProcProgram`);
      expect(stderr).toContain("nothing was changed");
      expect(compareCatalogs(before, await catalogOf(db))).toEqual([]);
      expect(await db.query("SHOW TABLES LIKE 'ispyb\\_migrate%'")).toEqual([]);

      await follow(db, stderr);
      const again = await runOn(db, ["up", "--yes"]);
      expect(again.exit, again.stderr).toBe(0);
      expect((await runOn(db, ["verify"])).exit).toBe(0);
    },
  );

  test("what finished changes left over is said, and refused by nothing; a table that no step changes does not count", async () => {
    await using db = await makeDatabase("official");
    for (const name of ["_AutoProcProgram_old", "_AutoProcProgram_del", "_BLSample_gho"]) await db.query(small(name));
    const said = "left over from online changes that have ended, and not touched: _AutoProcProgram_";
    expect((await runOn(db, ["plan"])).stderr).toContain(said);
    const { exit, stderr } = await runOn(db, ["up", "--yes"]);
    expect(exit, stderr).toBe(0);
    expect(stderr).toContain(said);
    expect(stderr).not.toContain("_BLSample_gho");
  });

  test("down is refused, too", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query(copy("_AutoProcProgram_gho"));
    const { exit, stderr } = await runOn(db, ["down", "--last", "12", "--yes"]);
    expect(exit, stderr).toBe(4);
    expect(stderr).toContain("error CONFLICT: gh-ost has begun to change AutoProcProgram, and has not ended\n");
    await db.query("DROP TABLE _AutoProcProgram_gho");
  });
});
