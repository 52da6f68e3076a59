/** What is said of an object is true: its own name, what was done to it, and what has to change. */
import { expect, test } from "vitest";
import { runOn } from "../cli/run-cli.ts";
import { type TestDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";

onEveryServer("findings", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("a column of another type is named, and not the key that it would have", async () => {
    await using db = await makeDatabase("official");
    await db.query("ALTER TABLE AutoProcProgram ADD processingJobId varchar(20)");
    const error = await refusalOf(db);
    expect(error.found).toEqual([
      expect.stringMatching(/^column AutoProcProgram\.processingJobId, type: varchar\(20\) instead of int unsigned$/),
    ]);
    expect(error.wanted).toEqual(["column AutoProcProgram.processingJobId, type: int unsigned"]);
  });

  test("a key under another name is called by that name", async () => {
    await using db = await makeDatabase("official");
    await db.query(
      "ALTER TABLE AutoProcProgram ADD parentAutoProcProgramId int unsigned, ADD CONSTRAINT mypar FOREIGN KEY " +
        "(parentAutoProcProgramId) REFERENCES AutoProcProgram (autoProcProgramId) ON DELETE CASCADE",
    );
    const { found } = await refusalOf(db);
    expect(found).toEqual(["foreign key AutoProcProgram.mypar, ON DELETE: CASCADE instead of SET NULL"]);
  });

  test("a row that was changed is not said to be deleted", async () => {
    await using db = await upgradedDatabase(lane, "official");
    const script = "2022_10_06_ProcessingJob.sql";
    await db.query("UPDATE SchemaStatus SET schemaStatus = 'NO' WHERE scriptName = ?", [script]);
    const { stdout } = await runOn(db, ["plan"]);
    expect(stdout).toContain("status: NO instead of DONE\n");
    expect(stdout).toContain("changed after it was inserted; --repair sets it back\n");
    expect(stdout).not.toContain("deleted after");
    await db.query("DELETE FROM SchemaStatus WHERE scriptName = ?", [script]);
    expect((await runOn(db, ["plan"])).stdout).toContain("deleted after it was inserted; --repair inserts it again\n");
  });

  test("one length is wanted of a column, and procedures keep the one that they have", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query("ALTER TABLE ProcessingJob MODIFY recipe varchar(40)");
    const plan = await runOn(db, ["plan"]);
    expect(plan.stdout).toContain("column ProcessingJob.recipe, type: varchar(40) instead of varchar(50)\n");
    expect(plan.stdout).not.toContain("procedure");
    expect((await runOn(db, ["status"])).stdout).not.toMatch(/procedures? pending/);
    const verify = JSON.parse((await runOn(db, ["verify", "--json"])).stdout) as { differences: { what: string }[] };
    expect(verify.differences.map(({ what }) => what)).toEqual([
      "column ProcessingJob.recipe, type: varchar(40) instead of varchar(50)",
    ]);
  });

  test("every value that a text takes is not needed in an enum", async () => {
    await using db = await makeDatabase("official");
    await db.query("ALTER TABLE AutoProcProgramAttachment MODIFY fileType varchar(20) NOT NULL");
    const { exit, stderr } = await runOn(db, ["up", "--yes"]);
    expect(exit, stderr).toBe(0);
    const said = stderr.match(/add enum value .*/g) ?? [];
    // Each before the question, and again when it is recorded.
    expect(said).toHaveLength(4);
    for (const line of said) expect(line).toContain("not needed: a varchar(20) takes any word");
  });

  test("a change that rows can forbid says so", async () => {
    await using db = await makeDatabase("official");
    await db.query(
      "CREATE TABLE ProcessingPipeline (processingPipelineId int unsigned AUTO_INCREMENT PRIMARY KEY, " +
        "processingPipelineCategoryId int unsigned, name varchar(20) NOT NULL, discipline varchar(10) NOT NULL, " +
        "pipelineStatus varchar(20), reprocessing tinyint(1) DEFAULT 1)",
    );
    const { next } = await refusalOf(db);
    expect(next).toContainEqual(expect.stringMatching(/^ALTER TABLE .*MODIFY COLUMN `pipelineStatus` enum/));
    expect(next).toContainEqual(
      expect.stringContaining("refuses the change if a row has a value that does not fit: change this value first"),
    );
  });
});

interface Refusal {
  readonly found: readonly string[];
  readonly wanted: readonly string[];
  readonly next: readonly string[];
}

async function refusalOf(db: TestDatabase): Promise<Refusal> {
  const { exit, stdout } = await runOn(db, ["up", "--yes", "--json"]);
  expect(exit).toBe(4);
  return (JSON.parse(stdout) as { error: Refusal }).error;
}
