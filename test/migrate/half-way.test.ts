/** A migration that the server refuses half-way: what was done is kept, and the next run continues there. */
import { expect, test } from "vitest";
import { addColumn, changeColumn, column, runSql } from "../../src/steps/define.ts";
import { freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { catalogOf, journalOf, takeDown, upgrade } from "../support/upgrade.ts";
import { probe, withProbe } from "./probe.ts";

/** Of its three steps the second one is this SQL. */
const withSql = (sql: string) =>
  withProbe(
    addColumn("AutoProcProgram", column("probeBefore", "int unsigned")),
    runSql("SchemaStatus", {
      title: "record the probe",
      sql,
      present: "SELECT COUNT(*) AS n FROM SchemaStatus WHERE scriptName = 'probe'",
      undo: { sql: "DELETE FROM SchemaStatus WHERE scriptName = 'probe'" },
    }),
    addColumn("ProcessingJob", column("probeAfter", "int unsigned")),
  );

onEveryServer("half-way", (lane) => {
  test("a refused step stops the run, and the next run continues with it", async () => {
    await using db = await upgradedDatabase(lane, "official");
    const before = await catalogOf(db);
    const broken = await withSql("INSERT INTO SchemaStatus (scriptName, noSuchColumn) VALUES ('probe', 'DONE')");
    await expect(upgrade(db, { migrations: broken })).rejects.toMatchObject({
      code: "STATEMENT_FAILED",
      details: {
        where: `${probe} step 2: record the probe`,
        done: expect.stringContaining("the steps before this one are done and stay done"),
      },
    });
    const states = (await journalOf(db)).filter((row) => row["migration"] === probe);
    expect(states.map(({ step, state }) => [step, state])).toEqual([
      [1, "done"],
      [2, "not done"],
    ]);

    const fixed = await withSql("INSERT INTO SchemaStatus (scriptName, schemaStatus) VALUES ('probe', 'DONE')");
    const { recorded, verification } = await upgrade(db, { migrations: fixed });
    expect(recorded).toEqual([probe]);
    expect(verification.differences).toEqual([]);

    await takeDown(db, { migrations: fixed, until: { last: 1 } });
    expect((await catalogOf(db)).tables).toEqual(before.tables);
    expect(await db.query("SELECT COUNT(*) AS n FROM SchemaStatus WHERE scriptName = 'probe'")).toEqual([{ n: 0 }]);
  });

  test("a migration of which no step was done is none that --last counts, and goes with the rest", async () => {
    await using db = await upgradedDatabase(lane, "official");
    const migrations = await withProbe(
      runSql("SchemaStatus", {
        title: "record the probe",
        sql: "INSERT INTO SchemaStatus (scriptName, noSuchColumn) VALUES ('probe', 'DONE')",
        present: "SELECT COUNT(*) AS n FROM SchemaStatus WHERE scriptName = 'probe'",
        undo: { none: "never made" },
      }),
    );
    await expect(upgrade(db, { migrations })).rejects.toMatchObject({ code: "STATEMENT_FAILED" });
    const { undone } = await takeDown(db, { migrations, until: { last: 1 } });
    expect(undone).toEqual(["2026_07_03_processing_job_delete_rules"]);
    await expect(takeDown(db, { migrations, until: { last: 15 } })).rejects.toMatchObject({
      message: "--last 15 is too many: 14 migrations are recorded",
    });
    await takeDown(db, { migrations, until: { last: 14 } });
    expect(await db.query("SHOW TABLES LIKE 'ispyb_migrate%'")).toEqual([]);
  });

  test("a column becomes NOT NULL while rows have NULL: refused, and the column is named", async () => {
    await using db = await freshDatabase(lane, "official");
    const migrations = await withProbe(
      changeColumn("AutoProcProgram", column("processingCommandLine", "varchar(255)", { nullable: false })),
    );
    await db.query("UPDATE AutoProcProgram SET processingCommandLine = NULL WHERE autoProcProgramId = 1");
    await expect(upgrade(db, { migrations })).rejects.toMatchObject({
      code: "CONFLICT",
      message: "2 rows of AutoProcProgram where processingCommandLine is NULL",
    });
  });
});
