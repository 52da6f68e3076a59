/** A server that writes every table name in lower case, as servers from another operating system do. */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { runOn } from "../cli/run-cli.ts";
import { restore, session } from "../save/restore.ts";
import { temporaryFolder } from "../support/folder.ts";
import { databaseSetUpWith } from "../support/own-server.ts";
import { onEveryServer } from "../support/servers.ts";
import { catalogOf, migrationNames } from "../support/upgrade.ts";

const rows = [
  "INSERT INTO ProcessingJob (processingJobId, dataCollectionId, recipe, automatic) VALUES (7, 1, 'xia2-dials', 0)",
  "INSERT INTO ProcessingJobParameter (processingJobId, parameterKey, parameterValue) VALUES (7, 'd_min', '1.8')",
  "INSERT INTO ProcessingJobImageSweep (processingJobId, dataCollectionId, startImage, endImage) VALUES (7, 1, 1, 1100)",
  "INSERT INTO AutoProcProgramMessage (autoProcProgramId, severity, message) VALUES (1, 'INFO', 'done')",
  "UPDATE AutoProcProgram SET processingJobId = 7, processingPipelineId = 6 WHERE autoProcProgramId = 1",
];

const tables = [
  "ProcessingJob",
  "ProcessingJobParameter",
  "ProcessingJobImageSweep",
  "AutoProcProgramMessage",
  "AutoProcProgram",
];

onEveryServer("lower_case_table_names=1", (lane) => {
  test("up, down with the rows saved, up again with the rows restored", async () => {
    await using db = await databaseSetUpWith(lane, ["--lower-case-table-names=1"]);
    expect(await db.query("SELECT @@lower_case_table_names AS setting")).toEqual([{ setting: 1 }]);
    const run = async (exit: number, ...args: readonly string[]) => {
      const ended = await runOn(db, args);
      expect(ended.exit, ended.stderr).toBe(exit);
      return ended;
    };
    const held = async () => {
      const found = [];
      for (const table of tables) found.push(await db.query(`SELECT * FROM ${table} ORDER BY 1`));
      return found;
    };

    const before = await catalogOf(db);
    await run(1, "status");
    await run(0, "plan");
    await run(0, "up", "--yes");
    await run(0, "status");
    await run(0, "verify");
    const upgraded = await catalogOf(db);
    expect(Object.keys(upgraded.tables)).toContain("processingjob");

    for (const statement of rows) await db.query(statement);
    const full = await held();
    await using folder = await temporaryFolder();
    const [first = ""] = await migrationNames();
    const back = ["down", "--to", first, "--yes", "--save-to", folder.path];
    expect((await run(4, ...back)).stderr).toContain("error DATA_LOSS");
    const down = await run(0, ...back, "--allow-data-loss", "--json");
    expect(compareCatalogs(before, await catalogOf(db))).toEqual([]);

    await run(0, "up", "--yes");
    expect(compareCatalogs(upgraded, await catalogOf(db))).toEqual([]);
    await using client = await session(db);
    await restore(client, (JSON.parse(down.stdout) as { saved: string }).saved);
    expect(await held()).toEqual(full);
    await run(0, "verify");
  });
});
