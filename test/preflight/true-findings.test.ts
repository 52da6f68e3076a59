/** What a refusal says of a key is true: its own name, and the column that has to change. */
import { expect, test } from "vitest";
import { runOn } from "../cli/run-cli.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";

onEveryServer("findings", (lane) => {
  test("a column of another type is named, and not the key that it would have", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query("ALTER TABLE AutoProcProgram ADD processingJobId varchar(20)");
    const error = await refusalOf(db);
    expect(error.found).toEqual([
      expect.stringMatching(/^column AutoProcProgram\.processingJobId, type: varchar\(20\) instead of int unsigned$/),
    ]);
    expect(error.wanted).toEqual(["column AutoProcProgram.processingJobId, type: int unsigned"]);
  });

  test("a key under another name is called by that name", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query(
      "ALTER TABLE AutoProcProgram ADD parentAutoProcProgramId int unsigned, ADD CONSTRAINT mypar FOREIGN KEY " +
        "(parentAutoProcProgramId) REFERENCES AutoProcProgram (autoProcProgramId) ON DELETE CASCADE",
    );
    const { found } = await refusalOf(db);
    expect(found).toEqual(["foreign key AutoProcProgram.mypar, ON DELETE: CASCADE instead of SET NULL"]);
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
