/** Generated jobs: the same for the same random seed, whole after any interruption, gone again without a trace. */
import { describe, expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import type { Db } from "../../src/db/db.ts";
import { MigrateError } from "../../src/errors.ts";
import { hint } from "../../src/hint.ts";
import { type TableName, tableNames } from "../../src/seed/generate/content/tables.ts";
import { generate } from "../../src/seed/generate/generate.ts";
import { passing } from "../migrate/cut.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { checksums, targetOf } from "../support/upgrade.ts";
import { at, grow, growing, migrated, never, small, sow, uproot } from "./seeding.ts";

/** Without the tool's own tables, and what says when something was migrated. */
async function facilitys(db: TestDatabase): Promise<Record<string, unknown>> {
  const all = Object.entries(await checksums(db));
  return Object.fromEntries(all.filter(([name]) => !/ispyb_migrate_|SchemaStatus/i.test(name)));
}

const allowFiles = (db: TestDatabase, allowed: boolean) => db.query(`SET GLOBAL local_infile = ${allowed ? 1 : 0}`);

async function one(db: TestDatabase, sql: string, values: readonly unknown[] = []): Promise<unknown> {
  const [row] = await db.query(sql, values);
  const value = Object.values(row ?? {})[0];
  return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
}

onEveryServer("seed generate", (lane) => {
  for (const base of ["official", "diamond"] as const) {
    describe(base, () => {
      test("writes what was said, row by row; twice changes nothing; and takes it back", async () => {
        await using db = await migrated(lane, base);
        const before = await facilitys(db);
        const counts = async () =>
          Object.fromEntries(
            await Promise.all(tableNames.map(async (table) => [table, await one(db, `SELECT COUNT(*) FROM ${table}`)])),
          ) as Record<TableName, number>;
        const had = await counts();
        const done = await grow(db, { jobs: 600 });
        const has = await counts();
        for (const table of tableNames) expect(has[table] - had[table], table).toBe(done.rowsByTable[table]);
        expect(done).toMatchObject({ jobs: 600, already: 0, rows: sum(done.rowsByTable), name: "generated-7" });

        const after = await facilitys(db);
        expect(await grow(db, { jobs: 600 })).toMatchObject({ already: 600, firstJob: done.firstJob });
        expect(await facilitys(db)).toEqual(after);

        const [removed] = (await uproot(db, ["generated-7"])).stories;
        expect(removed).toEqual({ story: "generated-7", removed: done.rows });
        expect(await facilitys(db)).toEqual(before);
      });

      test("links between jobs are consistent", async () => {
        await using db = await migrated(lane, base);
        const { firstJob, lastJob } = await grow(db, { jobs: 3_000 });
        const own = `j.processingJobId BETWEEN ${firstJob} AND ${lastJob}`;
        const none = async (what: string, sql: string) => expect(await one(db, sql), what).toBe(0);
        await none(
          "sweeps outside of the images",
          `SELECT COUNT(*) FROM ProcessingJob j JOIN ProcessingJobImageSweep s USING (processingJobId) JOIN DataCollection d ON d.dataCollectionId = s.dataCollectionId
           WHERE ${own} AND (s.startImage < 1 OR s.startImage > s.endImage OR s.endImage > d.numberOfImages)`,
        );
        await none(
          "sweeps of another sample",
          `SELECT COUNT(*) FROM ProcessingJob j JOIN DataCollection p USING (dataCollectionId) JOIN ProcessingJobImageSweep s USING (processingJobId)
           JOIN DataCollection d ON d.dataCollectionId = s.dataCollectionId WHERE ${own} AND d.dataCollectionGroupId <> p.dataCollectionGroupId`,
        );
        // scaling_id → AutoProcScaling → AutoProc → the program, whose job has the same data collection.
        const upstream = `JOIN AutoProcScaling c ON c.autoProcScalingId = q.parameterValue JOIN AutoProc a USING (autoProcId)
           JOIN AutoProcProgram u ON u.autoProcProgramId = a.autoProcProgramId JOIN ProcessingJob o ON o.processingJobId = u.processingJobId`;
        const scaled = `FROM ProcessingJob j JOIN ProcessingJobParameter q ON q.processingJobId = j.processingJobId AND q.parameterKey = 'scaling_id'`;
        expect(await one(db, `SELECT COUNT(*) ${scaled} WHERE ${own}`)).toBeGreaterThan(100);
        expect(
          await one(
            db,
            `SELECT COUNT(*) ${scaled} ${upstream} WHERE ${own} AND o.dataCollectionId = j.dataCollectionId`,
          ),
        ).toBe(await one(db, `SELECT COUNT(*) ${scaled} WHERE ${own}`));
        await none(
          "programs that went on from another one than their parameter says",
          `SELECT COUNT(*) ${scaled} ${upstream} JOIN AutoProcProgram p ON p.processingJobId = j.processingJobId WHERE ${own} AND p.parentAutoProcProgramId <> u.autoProcProgramId`,
        );
        await none(
          "moments that are still to come",
          `SELECT COUNT(*) FROM ProcessingJob j LEFT JOIN AutoProcProgram p USING (processingJobId) WHERE ${own}
           AND (j.recordTimestamp > '2026-03-01 12:00:00' OR p.processingEndTime > '2026-03-01 12:00:00' OR p.processingEndTime < p.processingStartTime OR p.processingStartTime < j.recordTimestamp)`,
        );
        // The other flavour has no such column.
        if (base === "official") {
          await none(
            "programs of another data collection than their job",
            `SELECT COUNT(*) FROM ProcessingJob j JOIN AutoProcProgram p USING (processingJobId) WHERE ${own} AND p.dataCollectionId <> j.dataCollectionId`,
          );
        }
        const ofSamples = `FROM ProcessingJob j JOIN DataCollection d USING (dataCollectionId) JOIN DataCollectionGroup g USING (dataCollectionGroupId) WHERE ${own}`;
        await none(
          "data collections outside of their visit",
          `SELECT COUNT(*) FROM DataCollection d JOIN DataCollectionGroup g USING (dataCollectionGroupId) JOIN BLSession v ON v.sessionId = g.sessionId
           WHERE g.dataCollectionGroupId IN (SELECT g.dataCollectionGroupId ${ofSamples}) AND (d.startTime < v.startDate OR d.endTime > v.endDate)`,
        );
        await none(
          "samples that are measured at the same time",
          `SELECT COUNT(*) FROM DataCollectionGroup g JOIN DataCollectionGroup h ON h.dataCollectionGroupId = g.dataCollectionGroupId + 1
           WHERE g.dataCollectionGroupId IN (SELECT g.dataCollectionGroupId ${ofSamples}) AND g.endTime > h.startTime`,
        );
        await none(
          "old programs that have not ended",
          `SELECT COUNT(*) FROM ProcessingJob j JOIN AutoProcProgram p USING (processingJobId)
           WHERE ${own} AND j.processingJobId < ${lastJob - 600} AND p.processingEndTime IS NULL`,
        );
        const kinds = await db.query<{ recipe: string; automatic: number | null; n: number }>(
          `SELECT recipe, automatic, COUNT(*) AS n FROM ProcessingJob j WHERE ${own} GROUP BY 1, 2`,
        );
        expect(kinds.length).toBeGreaterThan(15);
        expect(new Set(kinds.map(({ automatic }) => automatic))).toEqual(new Set([0, 1]));
        const statuses = await db.query<{ status: string | null; n: number }>(
          `SELECT CAST(p.processingStatus AS CHAR) AS status, COUNT(*) AS n FROM ProcessingJob j JOIN AutoProcProgram p USING (processingJobId) WHERE ${own} GROUP BY 1`,
        );
        const share = (word: string | null) => Number(statuses.find(({ status }) => status === word)?.n ?? 0) / 3_000;
        const [success, failed] = base === "official" ? ["SUCCESS", "FAILED"] : ["1", "0"];
        expect(share(success ?? "")).toBeGreaterThan(0.75);
        expect(share(failed ?? "")).toBeGreaterThan(0.05);
        expect(share(null)).toBeGreaterThan(0);
      });
    });
  }

  test("the same jobs by LOAD DATA and by INSERT; others for another seed", async () => {
    const rows: Record<string, unknown>[] = [];
    const jobs: unknown[] = [];
    for (const [allowed, randomSeed] of [
      [true, 7],
      [false, 7],
      [false, 8],
    ] as const) {
      await using db = await migrated(lane, "official");
      await allowFiles(db, allowed);
      const done = await grow(db, { randomSeed });
      expect(done.way).toBe(allowed ? "LOAD DATA" : "INSERT");
      rows.push(await facilitys(db));
      jobs.push(await db.query("SELECT recipe, COUNT(*) AS n FROM ProcessingJob GROUP BY recipe ORDER BY recipe"));
    }
    expect(rows[1]).toEqual(rows[0]);
    expect(jobs[2]).not.toEqual(jobs[0]);
  });

  test("another number, another moment and a half-removed one are refused", async () => {
    await using db = await migrated(lane, "official");
    await grow(db, { jobs: 100 });
    const before = await checksums(db);
    await expect(grow(db, { jobs: 200 })).rejects.toMatchObject({
      code: "USAGE",
      message: "random seed 7 was already used for another number of jobs",
      details: {
        found: "it was started for 100 jobs, 100 of them written",
        next: expect.arrayContaining([hint("seed", { args: ["remove", "generated-7"], note: "deletes those jobs" })]),
      },
    });
    await expect(grow(db, { jobs: 100, at: "2026-03-02 12:00:00" })).rejects.toMatchObject({ code: "USAGE" });
    // A moment that nobody names is the one that it was.
    const { at: _moment, ...unsaid } = await growing(db, { jobs: 100 });
    expect(await generate(unsaid)).toMatchObject({ already: 100, at: "2026-03-01 12:00:00" });
    expect(await checksums(db)).toEqual(before);
    await db.query("UPDATE ispyb_migrate_seed SET written = JSON_SET(written, '$.state', 'removing')");
    await expect(grow(db, { jobs: 100 })).rejects.toMatchObject({
      code: "CONFLICT",
      message: "the removal of generated-7 has started",
    });
    await db.query("UPDATE ispyb_migrate_seed SET written = JSON_SET(written, '$.state', 'writing', '$.form', 99)");
    await expect(grow(db, { jobs: 100 })).rejects.toMatchObject({
      code: "CONFLICT",
      message: "another version of this tool started generated-7",
    });
  });

  test("stopped between two transactions, and killed within one: the next run ends as if nothing had been", async () => {
    await using whole = await migrated(lane, "official");
    await grow(whole);
    const wanted = await facilitys(whole);

    await using db = await migrated(lane, "official");
    const stop = new AbortController();
    const stopped = grow(db, {
      signals: { stop: stop.signal, kill: never },
      progress: (event) => event.kind === "counted" && event.done > 0 && stop.abort(),
    });
    await expect(stopped).rejects.toMatchObject({
      code: "INTERRUPTED",
      details: {
        next: expect.arrayContaining([
          hint("seed", { args: ["generate", "6000"], options: { "random-seed": "7", at }, note: "continues" }),
        ]),
      },
    });
    const first = Number(await one(db, "SELECT COUNT(*) FROM ProcessingJob WHERE dataCollectionId > 4"));
    expect(first).toBeGreaterThan(2_000);
    expect(first).toBeLessThan(6_000);

    // The connection is lost when programs have come, and their files have not.
    const cut = (inner: Db): Db => ({
      ...passing(inner),
      run: (sql, values) =>
        sql.startsWith("INSERT INTO `AutoProcProgramAttachment`") ? lose(inner) : inner.run(sql, values),
      load: (sql, content) => (sql.includes("`AutoProcProgramAttachment`") ? lose(inner) : inner.load(sql, content)),
    });
    const target = targetOf(db);
    const lost = grow(db, {
      connect: async (role) => (role === "main" ? cut(await connect(target, role)) : connect(target, role)),
    });
    await expect(lost).rejects.toThrow("the connection is gone");
    expect(await one(db, "SELECT COUNT(*) FROM ProcessingJob WHERE dataCollectionId > 4")).toBe(first);

    expect(await grow(db)).toMatchObject({ already: first });
    expect(await facilitys(db)).toEqual(wanted);
  });

  test("a row that the server rejects: its transaction is rolled back", async () => {
    for (const allowed of [true, false]) {
      await using db = await migrated(lane, "official");
      await allowFiles(db, allowed);
      const before = await facilitys(db);
      await db.query("ALTER TABLE ProcessingJobImageSweep ADD UNIQUE KEY one_each (startImage, endImage)");
      const failed = await grow(db, { jobs: 100 }).catch((error: unknown) => error);
      expect(failed, String(allowed)).toMatchObject({ code: "STATEMENT_FAILED" });
      expect((failed as MigrateError).details).toMatchObject({
        where: expect.stringContaining("ProcessingJobImageSweep"),
        found: expect.arrayContaining([expect.stringMatching(/duplicate entry/i)]),
      });
      await db.query("ALTER TABLE ProcessingJobImageSweep DROP KEY one_each");
      expect(await facilitys(db)).toEqual(before);
      expect(await grow(db, { jobs: 100 })).toMatchObject({ jobs: 100 });
    }
  });

  test("other sessions insert meanwhile: no id is taken twice, and their rows stay", async () => {
    await using db = await migrated(lane, "official");
    const done = new AbortController();
    const others = (async () => {
      const theirs = await db.connection();
      let written = 0;
      while (!done.signal.aborted || written < 20) {
        await theirs.query("INSERT INTO ProcessingJob (dataCollectionId, recipe) VALUES (1, 'theirs')");
        written++;
      }
      return written;
    })();
    await grow(db).finally(() => done.abort());
    const written = await others;
    const theirs = () => one(db, "SELECT COUNT(*) FROM ProcessingJob WHERE recipe = 'theirs'");
    expect(await theirs()).toBe(written);
    await uproot(db, ["generated-7"]);
    expect(await theirs()).toBe(written);
    expect(await one(db, "SELECT COUNT(*) FROM ispyb_migrate_seed")).toBe(0);
  });

  test("removing: foreign rows are named and nothing is deleted; stopped in the middle, it continues", async () => {
    await using db = await migrated(lane, "official");
    await sow(db, [{ text: small }]);
    const before = await facilitys(db);
    const { firstJob } = await grow(db);
    const dc = Number(
      await one(db, "SELECT dataCollectionId FROM ProcessingJob WHERE processingJobId = ?", [firstJob]),
    );
    await db.query("INSERT INTO ProcessingJob (processingJobId, dataCollectionId) VALUES (90000, ?)", [dc]);
    const full = await facilitys(db);
    await expect(uproot(db, ["generated-7"])).rejects.toMatchObject({
      code: "ROWS_IN_USE",
      details: { found: [`ProcessingJob 90000 refers to DataCollection ${dc} (dataCollectionId)`] },
    });
    expect(await facilitys(db)).toEqual(full);
    await db.query("DELETE FROM ProcessingJob WHERE processingJobId = 90000");

    const stop = new AbortController();
    const stopped = uproot(db, ["generated-7"], {
      signals: { stop: stop.signal, kill: never },
      progress: () => stop.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: "INTERRUPTED" });
    await expect(grow(db)).rejects.toMatchObject({ code: "CONFLICT" });
    await uproot(db, ["generated-7"]);
    expect(await facilitys(db)).toEqual(before);
    expect(await grow(db, { jobs: 10 })).toMatchObject({ already: 0, jobs: 10 });
  });

  test("a database that is not migrated, one without ids, and an answer that is no", async () => {
    await using bare = await freshDatabase(lane, "official");
    await expect(grow(bare)).rejects.toMatchObject({ code: "NOT_MIGRATED" });

    await using db = await migrated(lane, "official");
    const declined = new MigrateError("DECLINED", "no");
    await expect(grow(db, { confirm: () => Promise.reject(declined) })).rejects.toBe(declined);
    await db.query("ALTER TABLE AutoProcScaling AUTO_INCREMENT = 4294967000");
    await expect(grow(db)).rejects.toMatchObject({
      code: "USAGE",
      message: "the generated rows do not fit this database's columns",
      details: { found: expect.arrayContaining([expect.stringContaining("AutoProcScaling.autoProcScalingId")]) },
    });
    expect((await checksums(db))["ispyb_migrate_seed"]).toBeUndefined();
  });
});

// --- internal ---

function sum(rows: Readonly<Record<string, number>>): number {
  return Object.values(rows).reduce((total, each) => total + each, 0);
}

function lose(db: Db): never {
  db.destroy();
  throw new Error("the connection is gone");
}
