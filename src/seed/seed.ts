/** Seeding: ready, question, lease, and each story in a transaction of its own. */
import { type Server, readServer } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import type { Migration } from "../migrate/load.ts";
import type { ParsedStory } from "./parse.ts";
import { type Asked, type ReadyStory, readyStories } from "./ready.ts";
import { type RecordedRow, forget, readRecord, writeRecord } from "./record.ts";
import { type Session, localTime, refuseUnmigrated, withLease } from "./session.ts";
import { settle } from "./settle.ts";
import { alive, inTransaction, insertRow, removeRows, updateRow } from "./write.ts";

/** How many rows of a story are or would be … */
export interface Counts {
  readonly inserted: number;
  readonly updated: number;
  readonly removed: number;
  readonly kept: number;
}

export interface SeededRow {
  readonly label: string;
  readonly table: string;
  readonly id: number | null;
}

export interface StoryOutcome extends Counts {
  readonly story: string;
  readonly at: string;
  readonly leftOut: readonly string[];
  readonly rows: readonly SeededRow[];
}

export interface StoryPlan extends Counts {
  readonly story: string;
  readonly leftOut: readonly string[];
}

export interface SeedOptions extends Asked, Session {
  readonly stories: readonly ParsedStory[];
  readonly migrations: readonly Migration[];
  /** Called where something would be written. Throws where the answer is no. */
  readonly confirm: (server: Server, plan: readonly StoryPlan[]) => Promise<void>;
}

export interface SeedResult {
  readonly server: Server;
  readonly database: string;
  readonly stories: readonly StoryOutcome[];
}

/** Throws NOT_MIGRATED, STORY_INVALID, USAGE, what `confirm` throws, LEASE_HELD, CONFLICT and ROWS_IN_USE. */
export async function seed(options: SeedOptions): Promise<SeedResult> {
  await using main = await options.connect("main");
  const { dialect } = await readServer(main);
  await localTime(main);
  await refuseUnmigrated(main, options.migrations);
  const planned = await readyStories(main, dialect, options.stories, options);
  const plan: StoryPlan[] = [];
  for (const story of planned) plan.push(await planStory(main, story));

  const server = await readServer(main);
  if (plan.some(isChange)) await options.confirm(server, plan);
  return await withLease(main, server, options, "ispyb-migrate seed", async ({ check }) => {
    // While the question stood there, or another run held the lease, everything may have changed.
    await refuseUnmigrated(main, options.migrations);
    const ready = await readyStories(main, dialect, options.stories, options);
    const stories: StoryOutcome[] = [];
    for (const story of ready) {
      check();
      stories.push(await inTransaction(main, `story ${story.name}`, () => writeStory(main, story)));
    }
    return { server, database: main.database, stories };
  });
}

// --- internal ---

function isChange({ inserted, updated, removed }: Counts): boolean {
  return inserted + updated + removed > 0;
}

async function planStory(db: Db, story: ReadyStory): Promise<StoryPlan> {
  const record = await readRecord(db, story.name);
  const counts = { inserted: 0, updated: 0, kept: 0 };
  const left = await settle(story, await alive(db, record), {
    // No row has such an id, so that whatever refers to it counts as changed.
    async insert() {
      return -++counts.inserted;
    },
    async update() {
      counts.updated++;
    },
    async keep() {
      counts.kept++;
    },
  });
  return { story: story.name, leftOut: story.leftOut, ...counts, removed: left.length };
}

async function writeStory(db: Db, story: ReadyStory): Promise<StoryOutcome> {
  const { name, at } = story;
  const record = await readRecord(db, name);
  const counts = { inserted: 0, updated: 0, kept: 0 };
  const rows: SeededRow[] = [];
  const remember = async (row: RecordedRow, before?: RecordedRow) => {
    rows.push({ label: row.label, table: row.table, id: row.rowId });
    const isAsBefore = before?.label === row.label && before.at === at && before.written === row.written;
    if (!isAsBefore) await writeRecord(db, name, row);
  };
  const left = await settle(story, await alive(db, record), {
    async insert(row, written) {
      counts.inserted++;
      const rowId = await insertRow(db, row, written);
      await remember({ label: row.label, table: row.table, rowId, written, at });
      return rowId;
    },
    async update({ label }, before, written) {
      counts.updated++;
      await updateRow(db, before, written);
      await remember({ ...before, label, written, at }, before);
    },
    async keep({ label }, before) {
      counts.kept++;
      await remember({ ...before, label, at }, before);
    },
  });
  const labels = new Set(rows.map(({ label }) => label));
  await removeRows(db, name, left);
  await forget(
    db,
    name,
    record.map(({ label }) => label).filter((label) => !labels.has(label)),
  );
  return { story: name, at, leftOut: story.leftOut, ...counts, removed: left.length, rows };
}
