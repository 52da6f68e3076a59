/** A migration whose SQL the server refuses in its middle: what was done is kept, and the next run goes on there. */
import { expect, test } from "vitest";
import { checksum } from "../../src/migrate/checksum.ts";
import { loadMigrations } from "../../src/migrate/load.ts";
import { addColumn, column, runSql } from "../../src/steps/author.ts";
import type { Step } from "../../src/steps/step.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { catalogOf, journalOf, takeDown, upgrade } from "./upgrade.ts";

const name = "2030_01_01_probe";

/** The project's own migrations, and one whose second step is this SQL. */
async function withProbe(sql: string) {
  const steps: readonly Step[] = [
    addColumn("AutoProcProgram", column("probeBefore", "int unsigned")),
    runSql("SchemaStatus", {
      title: "record the probe",
      sql,
      present: "SELECT COUNT(*) AS n FROM SchemaStatus WHERE scriptName = 'probe'",
      undo: { sql: "DELETE FROM SchemaStatus WHERE scriptName = 'probe'" },
    }),
    addColumn("ProcessingJob", column("probeAfter", "int unsigned")),
  ];
  return [...(await loadMigrations()), { name, why: "A probe.", upstream: [], steps, checksum: checksum(steps) }];
}

onEveryServer("half-way", (lane) => {
  test("a step that is refused stops the run, and the next run goes on with it", async () => {
    await using db = await freshDatabase(lane, "official");
    await upgrade(db);
    const before = await catalogOf(db);
    const broken = await withProbe("INSERT INTO SchemaStatus (scriptName, noSuchColumn) VALUES ('probe', 'DONE')");
    await expect(upgrade(db, { migrations: broken })).rejects.toMatchObject({
      code: "STATEMENT_FAILED",
      details: {
        where: `${name} step 2: record the probe`,
        done: expect.stringContaining("every step before is done"),
      },
    });
    const states = (await journalOf(db)).filter((row) => row["migration"] === name);
    expect(states.map(({ step, state }) => [step, state])).toEqual([
      [1, "done"],
      [2, "not done"],
    ]);

    const mended = await withProbe("INSERT INTO SchemaStatus (scriptName, schemaStatus) VALUES ('probe', 'DONE')");
    const { recorded, verification } = await upgrade(db, { migrations: mended });
    expect(recorded).toEqual([name]);
    expect(verification.differences).toEqual([]);

    await takeDown(db, { migrations: mended, until: { last: 1 } });
    expect((await catalogOf(db)).tables).toEqual(before.tables);
    expect(await db.query("SELECT COUNT(*) AS n FROM SchemaStatus WHERE scriptName = 'probe'")).toEqual([{ n: 0 }]);
  });
});
