/** A `down` that is cut off after any of its statements: no row is lost, and both `up` and `down` can continue. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import type { Catalog } from "../../src/model.ts";
import { type Migration, loadMigrations } from "../../src/plan/load-migrations.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type Lane, type TestDatabase, onEveryServer } from "../support/servers.ts";
import { type MakeDatabase, sharedServer } from "../support/shared-server.ts";
import { catalogOf, journalOf, takeDown, upgrade } from "../support/upgrade.ts";
import { type Counter, CutOff, cuttingConnect, pointsOf } from "./cut.ts";
import { restoreAll } from "./restore-saved.ts";

/** What lay aside was put back by another statement than it was made by. */
function withoutSql(journal: readonly Record<string, unknown>[]) {
  return journal.map(({ statement: _statement, ...rest }) => rest);
}

/** Two migrations, and rows that they lose. */
interface Situation {
  readonly what: string;
  readonly migrations: RegExp;
  /** Before them. */
  readonly form?: string;
  readonly rows: readonly string[];
  readonly held: readonly string[];
}

const uuids = {
  rows: "UPDATE AutoProcProgram SET jobUuid = REPEAT('x', 16) WHERE autoProcProgramId = 1",
  held: "SELECT HEX(jobUuid) FROM AutoProcProgram ORDER BY 1",
};

const situations: readonly Situation[] = [
  {
    what: "a table and a column",
    migrations: /auto_proc_program_message$|job_uuid$/,
    rows: [uuids.rows, "INSERT INTO AutoProcProgramMessage (autoProcProgramId, severity) VALUES (1, 'INFO')"],
    held: [uuids.held, "SELECT autoProcProgramId, severity FROM AutoProcProgramMessage"],
  },
  {
    what: "columns that are dropped together",
    migrations: /processing_pipeline_id$|job_uuid$/,
    form: "ALTER TABLE AutoProcProgram ADD FULLTEXT KEY words (processingMessage)",
    rows: [uuids.rows, "UPDATE AutoProcProgram SET processingPipelineId = 5 WHERE autoProcProgramId < 3"],
    held: [uuids.held, "SELECT processingPipelineId FROM AutoProcProgram ORDER BY 1"],
  },
];

/** How many statements there are is known only when they are sent: each part takes every fourth of them. */
const parts = [1, 2, 3, 4];

describe.each(situations)("$what", (situation) => {
  onEveryServer("down, cut off", (lane) => cutOffEverywhere(lane, situation));
});

async function given(
  makeDatabase: MakeDatabase,
  { form, rows }: Situation,
  migrations: readonly Migration[],
): Promise<TestDatabase> {
  const db = await makeDatabase("official");
  if (form !== undefined) await db.query(form);
  await upgrade(db, { migrations });
  for (const sql of rows) await db.query(sql);
  return db;
}

function cutOffEverywhere(lane: Lane, situation: Situation): void {
  const makeDatabase = sharedServer(lane);
  const all: Counter = { sent: 0 };
  let two: Migration[];
  let first: Catalog;
  let applied: Catalog;
  let journal: Awaited<ReturnType<typeof journalOf>>;
  const held = (db: TestDatabase) => Promise.all(situation.held.map((sql) => db.query(sql)));
  let rows: Awaited<ReturnType<typeof held>>;

  beforeAll(async () => {
    two = (await loadMigrations()).filter(({ name }) => situation.migrations.test(name));
    await using folder = await temporaryFolder();
    await using undisturbed = await given(makeDatabase, situation, two);
    [applied, journal, rows] = [await catalogOf(undisturbed), await journalOf(undisturbed), await held(undisturbed)];
    const connect = cuttingConnect(undisturbed, all);
    await takeDown(undisturbed, { migrations: two, saveTo: folder.path, connect });
    first = await catalogOf(undisturbed);
  });

  test.each(parts)(
    `anywhere, the next up loses nothing, and the next down ends as an undisturbed one: part %i of ${parts.length}`,
    async (part) => {
      await using folder = await temporaryFolder();
      const back = { migrations: two, saveTo: folder.path };
      expect(all.sent).toBeGreaterThan(10);
      const points = pointsOf(
        lane,
        Array.from({ length: all.sent }, (_, before) => before + 1),
      );
      for (const at of points.filter((_, nth) => nth % parts.length === part - 1)) {
        const cut = { at, when: "after the server did it" } as const;
        const place = `after statement ${at}`;
        await using db = await given(makeDatabase, situation, two);
        const cutOff = takeDown(db, { ...back, connect: cuttingConnect(db, { sent: 0 }, cut) });
        await cutOff.catch((error: unknown) => expect(error, place).toBeInstanceOf(CutOff));
        await upgrade(db, { migrations: two });
        expect(compareCatalogs(applied, await catalogOf(db)), place).toEqual([]);
        expect(withoutSql(await journalOf(db)), place).toEqual(withoutSql(journal));
        // What had been dropped before the cut had been saved before that.
        await restoreAll(db, folder.path);
        expect(await held(db), place).toEqual(rows);

        await takeDown(db, { ...back, connect: cuttingConnect(db, { sent: 0 }, cut) }).catch(() => undefined);
        await takeDown(db, back);
        expect(compareCatalogs(first, await catalogOf(db)), place).toEqual([]);
        for (const file of await readdir(folder.path)) await rm(join(folder.path, file));
      }
    },
  );
}
