/** A saved file names rows that would have no parent, and values whose rows are gone, and restores nothing then. */
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { statements } from "../../src/base/split-script.ts";
import { restoreSaved } from "../migrate/restore-saved.ts";
import { temporaryFolder } from "../support/folder.ts";
import { everythingIsWanted } from "../support/lanes.ts";
import { type Lane, type TestDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { stockClient } from "../support/stock-client.ts";
import { checksums, takeDown, upgrade } from "../support/upgrade.ts";

const client = await stockClient((line) => process.stderr.write(`tests: ${line}\n`));
if ("reason" in client && everythingIsWanted()) throw new Error(client.reason);

const rows = [
  "INSERT INTO ProcessingJob (processingJobId, dataCollectionId) VALUES (41, 1), (42, 2)",
  "INSERT INTO ProcessingJobParameter (processingJobId, parameterKey) VALUES (41, 'a'), (42, 'b')",
  "INSERT INTO ProcessingJobImageSweep (processingJobId, dataCollectionId, startImage, endImage) VALUES (41, 1, 1, 9)",
  "UPDATE AutoProcProgram SET processingJobId = 41 WHERE autoProcProgramId = 1",
  "INSERT INTO AutoProcProgramMessage (autoProcProgramId, message) VALUES (1, 'x')",
  "UPDATE AutoProcProgram SET jobUuid = REPEAT('x', 16) WHERE autoProcProgramId IN (2, 3)",
];

interface Saved extends AsyncDisposable {
  readonly db: TestDatabase;
  readonly path: string;
  readonly before: unknown;
}

/** A database after `down` and `up`, and the file of the rows that it had. */
async function saved(lane: Lane): Promise<Saved> {
  const db = await upgradedDatabase(lane, "official");
  const folder = await temporaryFolder();
  for (const sql of rows) await db.query(sql);
  const before = await contents(db);
  const { saved: path = "" } = await takeDown(db, { saveTo: folder.path });
  await upgrade(db);
  return {
    db,
    path,
    before,
    async [Symbol.asyncDispose]() {
      await db[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function contents(db: TestDatabase) {
  const { ProcessingJob, ProcessingJobParameter, ProcessingJobImageSweep, AutoProcProgram, AutoProcProgramMessage } =
    await checksums(db);
  return { ProcessingJob, ProcessingJobParameter, ProcessingJobImageSweep, AutoProcProgram, AutoProcProgramMessage };
}

/** As a client that goes on after an error; returns what it prints of rows without a parent. */
async function restoredInSpite(db: TestDatabase, path: string, first = "DO 0"): Promise<unknown[]> {
  const session = await db.connection();
  await session.query(first);
  const printed: unknown[] = [];
  for (const { sql } of statements(gunzipSync(await readFile(path)).toString("utf8"))) {
    const [answer] = await session.query(sql).catch((error: Error) => [error.message]);
    if (/without a/.test(JSON.stringify(answer))) printed.push(answer);
  }
  session.destroy();
  return printed;
}

const gone = [
  "SET foreign_key_checks = 0",
  "DELETE FROM DataCollection WHERE dataCollectionId = 2",
  "SET foreign_key_checks = 1",
];

onEveryServer("a saved file", (lane) => {
  test("restores everything, and changes nothing when it is run again", async () => {
    await using state = await saved(lane);
    await restoreSaved(state.db, state.path);
    expect(await contents(state.db)).toEqual(state.before);
    await expect(restoreSaved(state.db, state.path)).rejects.toMatchObject({ errno: 1062 });
    expect(await contents(state.db)).toEqual(state.before);
  });

  test("whose parents are gone names them and restores nothing, unless it is wanted all the same", async () => {
    await using state = await saved(lane);
    const { db, path } = state;
    for (const sql of gone) await db.query(sql);
    const empty = await contents(db);
    await expect(restoreSaved(db, path)).rejects.toThrow("rows without a parent; nothing was restored");
    expect(await contents(db)).toEqual(empty);
    const what = "1 row of ProcessingJob without a row of DataCollection, such as dataCollectionId 2";
    expect(await restoredInSpite(db, path)).toEqual([
      [{ "rows without a parent": what }],
      expect.stringContaining("nothing was restored"),
    ]);
    expect(await contents(db)).toEqual(empty);

    expect(await restoredInSpite(db, path, "SET @ispyb_allow_orphans = 1")).toEqual([
      [{ "rows without a parent": what }],
    ]);
    expect(await contents(db)).toEqual(state.before);
  });

  test("whose rows for saved values are gone names them and restores nothing, unless it is wanted all the same", async () => {
    await using state = await saved(lane);
    const { db, path } = state;
    await db.query("UPDATE AutoProcProgram SET parentAutoProcProgramId = NULL");
    await db.query("DELETE FROM AutoProcProgram WHERE autoProcProgramId = 1");
    const empty = await contents(db);
    // Its message lacks its parent, too.
    await expect(restoreSaved(db, path)).rejects.toThrow("rows without a parent; nothing was restored");
    await db.query("INSERT INTO AutoProcProgram (autoProcProgramId) VALUES (1)");
    await db.query("DELETE FROM AutoProcProgram WHERE autoProcProgramId = 2");
    await expect(restoreSaved(db, path)).rejects.toThrow("values without a row; nothing was restored");
    const what = "1 of the values of AutoProcProgram.jobUuid without a row, such as autoProcProgramId 2";
    expect(await restoredInSpite(db, path)).toEqual([
      [{ "values without a row": what }],
      expect.stringContaining("nothing was restored"),
    ]);
    expect(await db.query("SELECT COUNT(*) AS n FROM ProcessingJob")).toEqual([{ n: 0 }]);
    expect(empty).toMatchObject({ ProcessingJob: 0 });

    expect(await restoredInSpite(db, path, "SET @ispyb_allow_orphans = 1")).toEqual([
      [{ "values without a row": what }],
    ]);
    expect(
      await db.query("SELECT processingJobId, autoProcProgramId FROM AutoProcProgram WHERE jobUuid IS NOT NULL"),
    ).toEqual([{ processingJobId: null, autoProcProgramId: 3 }]);
    expect(await db.query("SELECT COUNT(*) AS n FROM ProcessingJob")).toEqual([{ n: 2 }]);
  });

  test.skipIf("reason" in client)("does so with the stock client", async () => {
    if ("reason" in client) return;
    await using state = await saved(lane);
    const { db, path } = state;
    const file = gunzipSync(await readFile(path)).toString("utf8");
    for (const sql of gone) await db.query(sql);
    const empty = await contents(db);
    const refused = await client.run(db, file);
    expect(refused.code).toBe(1);
    expect(refused.output).toContain(
      "1 row of ProcessingJob without a row of DataCollection, such as dataCollectionId 2",
    );
    expect(refused.output).toContain("rows without a parent; nothing was restored");
    expect(await contents(db)).toEqual(empty);
    const line = /echo '(SET .*;)'/.exec(file)?.[1];
    const restored = await client.run(db, `${line}\n${file}`);
    expect(restored.code, restored.output).toBe(0);
    expect(await contents(db)).toEqual(state.before);
  });

  test("is not refused for rows without a parent that were there before", async () => {
    await using state = await saved(lane);
    const { db, path } = state;
    await db.query("SET foreign_key_checks = 0");
    await db.query("INSERT INTO ProcessingJob (processingJobId, dataCollectionId) VALUES (7, 999)");
    await db.query("SET foreign_key_checks = 1");
    await restoreSaved(db, path);
    expect(await db.query("SELECT COUNT(*) AS n FROM ProcessingJob")).toEqual([{ n: 3 }]);
  });

  test("whose ids others have taken stops before a parameter gets another job", async () => {
    await using state = await saved(lane);
    const { db, path } = state;
    await db.query("INSERT INTO ProcessingJob (processingJobId, dataCollectionId) VALUES (42, 3)");
    const before = await contents(db);
    await expect(restoreSaved(db, path)).rejects.toMatchObject({ errno: 1062 });
    expect(await contents(db)).toEqual(before);
  });

  test("in another database restores nothing where the parents are missing", async () => {
    await using state = await saved(lane);
    await using other = await upgradedDatabase(lane, "official");
    await other.query("SET foreign_key_checks = 0");
    await other.query("DELETE FROM DataCollection");
    await other.query("SET foreign_key_checks = 1");
    const before = await contents(other);
    await expect(restoreSaved(other, state.path)).rejects.toThrow("nothing was restored");
    expect(await contents(other)).toEqual(before);
  });
});
