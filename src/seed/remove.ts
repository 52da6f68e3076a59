/** Taking stories back: exactly the rows that they made, and nothing of anybody else. */
import { type Server, readServer } from "../catalog/server.ts";
import { MigrateError } from "../errors.ts";
import { seededStories } from "../migrate/tool-tables.ts";
import { didYouMean } from "./problem.ts";
import { type RecordedRow, forget, readRecord } from "./record.ts";
import { type Session, withLease } from "./seed.ts";
import { alive, inTransaction, removeRows } from "./write.ts";

export interface RemoveOptions extends Session {
  readonly stories: readonly string[];
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

/** Throws USAGE for a story that made nothing here, what `confirm` throws, LEASE_HELD and ROWS_IN_USE. */
export async function removeStories(options: RemoveOptions): Promise<RemoveResult> {
  await using main = await options.connect("main");
  const server = await readServer(main);
  const known = await seededStories(main);
  const unknown = options.stories.filter((story) => !known.includes(story));
  if (unknown.length > 0) throw neverSeeded(unknown, known, main.database);
  const plan: RemovedStory[] = [];
  for (const story of options.stories)
    plan.push({ story, removed: (await alive(main, await readRecord(main, story))).length });
  await options.confirm(server, plan);

  return await withLease(main, server, options, "ispyb-migrate seed remove", async (check) => {
    const stories: RemovedStory[] = [];
    for (const story of options.stories) {
      check();
      const removed = await inTransaction(main, story, async () => {
        const record = await readRecord(main, story);
        const count = (await alive(main, record)).length;
        await removeRows(main, story, record);
        await forget(main, story, labelsOf(record));
        return count;
      });
      stories.push({ story, removed });
    }
    return { server, database: main.database, stories };
  });
}

// --- internal ---

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
