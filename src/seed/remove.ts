/** Removes stories: exactly the rows that they inserted, and no other rows. */
import { plural } from "../plural.ts";
import { assertNoneMissing } from "../access/require.ts";
import { type Server, readServer } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { withCircumstances } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import { type Hint, hint, withNote } from "../hint.ts";
import { unlessKilled } from "../run/kill-on-signal.ts";
import { assertRightServer } from "../run/right-server.ts";
import { type RunOptions, stoppedAsAsked } from "../run/run.ts";
import { seededStories } from "../state/tables.ts";
import { readGenerated } from "./generate/generated-jobs.ts";
import { type Removing, removeGenerated, rowsWritten } from "./generate/remove-generated.ts";
import { withSeedTable } from "./requirements.ts";
import { forgetOrigin } from "./rows/origin.ts";
import { type RecordedRow, forgetSeededRows, readSeededRows } from "./rows/seeded-rows.ts";
import { alive, inTransaction, removeRows } from "./rows/write.ts";
import { didYouMean } from "./story/problem.ts";

export interface RemoveOptions extends RunOptions {
  /** Generated jobs have the name generated-N, N being their random seed. */
  readonly stories: readonly string[];
  /** Throws if the answer is no. */
  readonly confirm: (server: Server, plan: readonly RemovedStory[]) => Promise<void>;
}

export interface RemovedStory {
  readonly story: string;
  /** Number of existing rows to delete, or of deleted rows. */
  readonly removed: number;
}

export interface RemoveResult {
  readonly server: Server;
  readonly database: string;
  readonly stories: readonly RemovedStory[];
}

/**
 * Throws USAGE for a story without rows here, MISSING_PRIVILEGE, CONFLICT if the rows to delete have changed since the
 * question, what `confirm` throws, LEASE_HELD, ROWS_IN_USE and INTERRUPTED.
 */
export async function removeStories(options: RemoveOptions): Promise<RemoveResult> {
  await using main = await options.connect("main");
  const server = await readServer(main);
  const known = await seededStories(main);
  const unknown = options.stories.filter((story) => !known.includes(story));
  if (unknown.length > 0) throw neverSeeded(unknown, known, main.database);
  const retry = hint("seed", { args: ["remove", ...options.stories] });
  await assertRightServer(main, server, options.onReplica, retry);
  await assertNoneMissing(
    main,
    server.account,
    ["SELECT", "INSERT", "UPDATE", "DELETE"],
    "this account lacks privileges to delete rows",
  );
  const plan = await countAll(main, options.stories);
  await options.confirm(server, plan);

  return await withSeedTable(
    { ...options, main, server, retry },
    async ({ changes, killable, lease, progress, signals }) => {
      // While the question was open, or another run held the lease, everything may have changed.
      await assertSameCounts(main, plan, retry);
      const all = plan.reduce((sum, { removed }) => sum + removed, 0);
      const removed: RemovedStory[] = [];
      let seen = 0;
      const stopped = (done: string) =>
        stoppedAsAsked({
          found: `${seen} of ${plural(all, "row")} were deleted`,
          done,
          next: withNote(retry, "deletes the rest"),
        });
      const removeNext = async (db: Db, { removed: rows, story }: RemovedStory) => {
        lease.check();
        if (signals.stop.aborted) throw stopped("the current transaction was finished");
        const before = seen;
        const counted = (more: number) => progress({ kind: "counted", done: (seen = before + more), of: all });
        const untouched = () => ({
          done: notDeleted(story, removed),
          next: [withNote(retry, "once the cause is fixed")],
        });
        const work = () => removeOne(db, story, { changes, lease, signals, counted });
        removed.push({ story, removed: await withCircumstances(untouched, work) });
        changes.begun = true;
        counted(rows);
      };
      await killable((run) => {
        const db = unlessKilled(run, stopped);
        return inAnyOrder(plan, (story) => removeNext(db, story));
      }, stopped);
      return { server, database: main.database, stories: removed };
    },
  );
}

// --- internal ---

function notDeleted(story: string, removed: readonly RemovedStory[]): string {
  const before = removed.map((each) => each.story).join(", ");
  return `no row of ${story} was deleted${before === "" ? "" : `; the rows of ${before} were`}`;
}

/** The order of removal: a story waits until the stories that refer to it are removed. */
async function inAnyOrder(
  plan: readonly RemovedStory[],
  remove: (story: RemovedStory) => Promise<void>,
): Promise<void> {
  const queue = [...plan];
  let refused = 0;
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    try {
      await remove(next);
      refused = 0;
    } catch (error) {
      const isInUse = error instanceof MigrateError && error.code === "ROWS_IN_USE";
      if (!isInUse || ++refused > queue.length) throw error;
      queue.push(next);
    }
  }
}

async function countAll(db: Db, stories: readonly string[]): Promise<RemovedStory[]> {
  const counted: RemovedStory[] = [];
  for (const story of stories) counted.push({ story, removed: await countStoryRows(db, story) });
  return counted;
}

/** Rejects if the number of rows has changed since the question. */
async function assertSameCounts(db: Db, plan: readonly RemovedStory[], retry: Hint): Promise<void> {
  const now = await countAll(
    db,
    plan.map(({ story }) => story),
  );
  const changes = now.flatMap(({ removed, story }, at) =>
    removed === plan[at]?.removed
      ? []
      : [`${story}: ${plural(removed, "row")} now, ${plan[at]?.removed} before the question`],
  );
  if (changes.length === 0) return;
  throw new MigrateError("CONFLICT", "the rows to delete have changed since you confirmed", {
    where: db.database,
    found: changes,
    done: "nothing was changed",
    next: retry,
  });
}

async function countStoryRows(db: Db, story: string): Promise<number> {
  const generated = await readGenerated(db, story);
  return generated === undefined ? (await alive(db, await readSeededRows(db, story))).length : rowsWritten(generated);
}

async function removeOne(db: Db, story: string, removing: Removing): Promise<number> {
  const generated = await readGenerated(db, story);
  if (generated !== undefined) return removeGenerated(db, generated, removing);
  return inTransaction(db, `story ${story}`, async () => {
    const record = await readSeededRows(db, story);
    const count = (await alive(db, record)).length;
    await removeRows(db, story, record);
    await forgetSeededRows(db, story, labelsOf(record));
    await forgetOrigin(db, story);
    return count;
  });
}

function labelsOf(record: readonly RecordedRow[]): string[] {
  return record.map(({ label }) => label);
}

function neverSeeded(unknown: readonly string[], known: readonly string[], database: string): MigrateError {
  const [first = ""] = unknown;
  return new MigrateError(
    "USAGE",
    `no rows of story ${unknown.join(", ")} are recorded in this database${didYouMean(first, known)}`,
    {
      where: database,
      found: known.length === 0 ? "no story is recorded here" : `recorded here: ${known.join(", ")}`,
      done: "nothing was changed",
      next:
        known.length === 0
          ? hint("seed", { note: "lists the stories that can be seeded" })
          : hint("seed", { args: ["remove", known[0] ?? ""], note: "removes one that is recorded here" }),
    },
  );
}
