/** Columns of one table, where each drop would rebuild it, are dropped in one statement; their values are saved before. */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { loadMigrations } from "../../src/plan/load-migrations.ts";
import { runOn } from "../cli/run-cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { catalogOf, journalOf, takeDown, upgrade } from "../support/upgrade.ts";
import { cuttingConnect, passing } from "./cut.ts";
import { restoreAll } from "./restore-saved.ts";

const fulltext = "ALTER TABLE AutoProcProgram ADD FULLTEXT KEY words (processingMessage)";
const drops = "ALTER TABLE `AutoProcProgram` DROP COLUM";

function values(db: TestDatabase) {
  return db.query(
    "SELECT autoProcProgramId, HEX(jobUuid) AS uuid, processingPipelineId, parentAutoProcProgramId, processingJobId " +
      "FROM AutoProcProgram ORDER BY autoProcProgramId",
  );
}

onEveryServer("columns dropped together", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("once for all four; what they held is in the file, and comes back", async () => {
    await using db = await makeDatabase("official");
    await using folder = await temporaryFolder();
    await db.query(fulltext);
    const before = await catalogOf(db);
    await upgrade(db);
    await db.query("INSERT INTO ProcessingJob (processingJobId) VALUES (3)");
    await db.query(
      "UPDATE AutoProcProgram SET jobUuid = REPEAT('x', 16), processingPipelineId = 5 WHERE autoProcProgramId = 1",
    );
    await db.query(
      "UPDATE AutoProcProgram SET parentAutoProcProgramId = 1, processingJobId = 3 WHERE autoProcProgramId = 2",
    );
    const held = await values(db);

    const sent = { sent: 0, texts: [] as string[] };
    const { plan } = await takeDown(db, { saveTo: folder.path, connect: cuttingConnect(db, sent) });
    const dropped = plan.migrations.flatMap(({ steps }) => steps).flatMap(({ undo }) => undo?.statement?.sql ?? []);
    expect(dropped.filter((sql) => sql.includes("`AutoProcProgram` DROP COLUMN"))).toEqual([
      expect.stringMatching(
        /DROP COLUMN `jobUuid`, DROP COLUMN `parentAutoProcProgramId`, DROP COLUMN `processingPipelineId`, DROP COLUMN `processingJobId`/,
      ),
    ]);
    expect(sent.texts.filter((sql) => sql === drops)).toHaveLength(1);
    expect((await catalogOf(db)).tables).toEqual(before.tables);

    await upgrade(db);
    await restoreAll(db, folder.path);
    expect(await values(db)).toEqual(held);
  });

  test("--last stops before the rest; the plan says what goes with what; without a FULLTEXT key each goes alone", async () => {
    await using db = await makeDatabase("official");
    await db.query(fulltext);
    await upgrade(db);
    const { stdout } = await runOn(db, ["down", "--to", "2024_09_25_processing_pipeline_id", "--yes", "--json"]);
    const steps = (JSON.parse(stdout) as { migrations: { steps: object[] }[] }).migrations.flatMap(
      (each) => each.steps,
    );
    const joined = { undoneWith: { migration: "2024_09_25_processing_pipeline_id", number: 1 }, sql: null };
    expect(steps.filter((step) => "undoneWith" in step)).toMatchObject([joined, joined]);
    expect(await db.query("SHOW COLUMNS FROM AutoProcProgram LIKE '%rocessing%Id'")).toHaveLength(1);

    await using plain = await makeDatabase("official");
    await upgrade(plain);
    const { plan } = await takeDown(plain);
    expect(plan.migrations.flatMap((each) => each.steps.filter((step) => step.undoneWith !== undefined))).toEqual([]);
  });

  test("the drop is refused after their values were saved: all of them are back, and the journal says so", async () => {
    await using db = await makeDatabase("official");
    await using folder = await temporaryFolder();
    await db.query(fulltext);
    const two = (await loadMigrations()).filter(({ name }) => /processing_pipeline_id$|job_uuid$/.test(name));
    await upgrade(db, { migrations: two });
    await db.query("UPDATE AutoProcProgram SET jobUuid = REPEAT('x', 16), processingPipelineId = 5");
    const [applied, journal] = [await catalogOf(db), await journalOf(db)];
    const connect = async (role: string) => {
      const session = await cuttingConnect(db, { sent: 0 })(role);
      if (role !== "main") return session;
      return {
        ...passing(session),
        run: async (sql: string, given?: Parameters<typeof session.run>[1]) =>
          session.run(sql.startsWith(drops) ? "ALTER TABLE AutoProcProgram DROP COLUMN noSuchColumn" : sql, given),
      };
    };
    await expect(takeDown(db, { migrations: two, saveTo: folder.path, connect })).rejects.toMatchObject({
      code: "STATEMENT_FAILED",
    });
    expect(compareCatalogs(applied, await catalogOf(db))).toEqual([]);
    const steps = journal
      .filter(({ migration, step }) => step !== 0 && !String(migration).includes("/"))
      .map(({ migration, state }) => ({ migration, state }));
    expect(await journalOf(db)).toMatchObject(steps);
    await upgrade(db, { migrations: two });
    expect((await journalOf(db)).length).toBe(journal.length);
    expect(
      await db.query("SELECT COUNT(*) AS n FROM AutoProcProgram WHERE jobUuid IS NULL OR processingPipelineId IS NULL"),
    ).toEqual([{ n: 0 }]);
  });
});
