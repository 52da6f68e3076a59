/** Taking stories back: exactly the rows that they made, and nothing of anybody else. */
import { type Server, readServer } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { killable } from "../migrate/killable.ts";
import { stoppedAsAsked } from "../migrate/run.ts";
import { seededStories } from "../migrate/tool-tables.ts";
import { readGenerated } from "./generate/record.ts";
import { type Removing, removeGenerated, rowsWritten } from "./generate/remove.ts";
import { didYouMean } from "./problem.ts";
import { type RecordedRow, forget, readRecord } from "./record.ts";
import { type Session, withLease } from "./session.ts";
import { alive, inTransaction, removeRows } from "./write.ts";

export interface RemoveOptions extends Session {
  /** Generated jobs have the name generated-N, N being their random seed. */
  readonly stories: readonly string[];
  /** Rows that are looked through, and how many there are in all. */
  readonly onProgress: (rows: number, of: number) => void;
  /** Ends the statement that is running, on the server. */
  readonly kill: AbortSignal;
  /** Throws where the answer is no. */
  readonly confirm: (server: Server, plan: readonly RemovedStory[]) => Promise<void>;
}

export interface RemovedStory {
  readonly story: string;
  /** Rows that are, or were, still there. */
  readonly removed: number;
}

export interface RemoveResult {
  readonly server: Server;
  readonly database: string;
  readonly stories: readonly RemovedStory[];
}

/** Throws USAGE for a story that made nothing here, what `confirm` throws, LEASE_HELD, ROWS_IN_USE and INTERRUPTED. */
export async function removeStories(options: RemoveOptions): Promise<RemoveResult> {
  await using main = await options.connect("main");
  const server = await readServer(main);
  const known = await seededStories(main);
  const unknown = options.stories.filter((story) => !known.includes(story));
  if (unknown.length > 0) throw neverSeeded(unknown, known, main.database);
  const plan: RemovedStory[] = [];
  for (const story of options.stories) plan.push({ story, removed: await countRows(main, story) });
  await options.confirm(server, plan);
  const all = plan.reduce((sum, { removed }) => sum + removed, 0);

  const again = `ispyb-migrate seed remove ${options.stories.join(" ")}`;
  return await withLease(main, server, options, again, async (held) => {
    const removed: RemovedStory[] = [];
    const stopped = (done: string) => interrupted(removed, done, again);
    let before = 0;
    await killable({ main, keeper: held.keeper, signals: options }, stopped, async () => {
      for (const { removed: rows, story } of plan) {
        held.check();
        if (options.stop.aborted) throw stopped("what was begun is finished");
        const onProgress = (seen: number) => options.onProgress(before + seen, all);
        removed.push({ story, removed: await removeOne(main, story, { ...held, stop: options.stop, onProgress }) });
        options.onProgress((before += rows), all);
      }
    });
    return { server, database: main.database, stories: removed };
  });
}

// --- internal ---

async function countRows(db: Db, story: string): Promise<number> {
  const generated = await readGenerated(db, story);
  return generated === undefined ? (await alive(db, await readRecord(db, story))).length : rowsWritten(generated);
}

async function removeOne(db: Db, story: string, removing: Removing): Promise<number> {
  const generated = await readGenerated(db, story);
  if (generated !== undefined) return removeGenerated(db, generated, removing);
  return inTransaction(db, `story ${story}`, async () => {
    const record = await readRecord(db, story);
    const count = (await alive(db, record)).length;
    await removeRows(db, story, record);
    await forget(db, story, labelsOf(record));
    return count;
  });
}

function interrupted(removed: readonly RemovedStory[], done: string, again: string): MigrateError {
  return stoppedAsAsked({
    found: `removed as a whole: ${removed.map(({ story }) => story).join(", ") || "none"}`,
    done,
    next: `${again}   # removes the rest`,
  });
}

function labelsOf(record: readonly RecordedRow[]): string[] {
  return record.map(({ label }) => label);
}

function neverSeeded(unknown: readonly string[], known: readonly string[], database: string): MigrateError {
  const [first = ""] = unknown;
  return new MigrateError("USAGE", `${unknown.join(", ")} made no rows here${didYouMean(first, known)}`, {
    where: database,
    found: known.length === 0 ? "no story was ever seeded" : known,
    done: "nothing was changed",
    next: "ispyb-migrate seed   # lists the stories",
  });
}
