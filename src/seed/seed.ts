/** Seeding: preparation, question, lease, and one transaction for each story. */
import { assertNoneMissing } from "../access/require.ts";
import { type Server, readServer } from "../catalog/server.ts";
import { withCircumstances } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import { withNote } from "../hint.ts";
import type { Migration } from "../plan/load-migrations.ts";
import { unlessKilled } from "../run/kill-on-signal.ts";
import { assertRightServer } from "../run/right-server.ts";
import { type RunOptions, stoppedAsAsked } from "../run/run.ts";
import { seedCommand } from "./command.ts";
import { assertMigrated, atByServer, localTime, withSeedTable } from "./requirements.ts";
import { type Counts, type Planned, type StoryOutcome, type StoryPlan, planStory, writeStory } from "./rows/apply.ts";
import { type SeedRequest, bindStories } from "./rows/bind.ts";
import { inTransaction } from "./rows/write.ts";
import type { ParsedStory } from "./story/parse.ts";

export interface SeedOptions extends SeedRequest, RunOptions {
  readonly stories: readonly ParsedStory[];
  readonly migrations: readonly Migration[];
  /** Called if something would be written. Throws if the answer is no. */
  readonly confirm: (server: Server, plan: readonly StoryPlan[]) => Promise<void>;
}

export interface SeedResult {
  readonly server: Server;
  readonly database: string;
  readonly stories: readonly StoryOutcome[];
}

/** Throws NOT_MIGRATED, MISSING_PRIVILEGE, STORY_INVALID, USAGE, what `confirm` throws, LEASE_HELD, CONFLICT, ROWS_IN_USE and INTERRUPTED. */
export async function seed(options: SeedOptions): Promise<SeedResult> {
  assertNamesDiffer(options.stories);
  await using main = await options.connect("main");
  const server = await readServer(main);
  await localTime(main);
  await assertMigrated(main, options.migrations);
  const request = { uses: options.uses, at: await atByServer(main, options.at) };
  const planned: Planned[] = [];
  for (const story of await bindStories(main, server.dialect, options.stories, request)) {
    planned.push(await planStory(main, story));
  }
  const plan = planned.map(({ outcome }) => outcome);
  // Rows of another run become visible at its COMMIT, all at once.
  if (planned.every(({ isDone }) => isDone)) return { server, database: main.database, stories: plan };

  const retry = seedCommand(options.stories, options);
  await assertRightServer(main, server, options.onReplica, retry);
  const needs = ["INSERT", "UPDATE", "CREATE", ...(plan.some(({ removed }) => removed > 0) ? ["DELETE"] : [])];
  await assertNoneMissing(main, server.account, needs, "this account lacks privileges to seed");
  if (plan.some(isChange)) await options.confirm(server, plan);
  return await withSeedTable({ ...options, main, server, retry }, async ({ changes, killable, lease, signals }) => {
    // While the question was open, or another run held the lease, everything may have changed.
    await assertMigrated(main, options.migrations);
    const ready = await bindStories(main, server.dialect, options.stories, request);
    const stories: StoryOutcome[] = [];
    const stopped = (done: string) => {
      const written = `stories written: ${stories.length} of ${ready.length}`;
      return stoppedAsAsked({ found: written, done, next: withNote(retry, "writes the rest") });
    };
    await killable(async (run) => {
      const db = unlessKilled(run, stopped);
      for (const story of ready) {
        lease.check();
        if (signals.stop.aborted) throw stopped("the current transaction was finished");
        const untouched = () => ({
          done: `no row of ${story.name} was changed; stories written: ${stories.length} of ${ready.length}`,
          next: [withNote(retry, "once the cause is fixed")],
        });
        const work = () => inTransaction(db, `story ${story.name}`, () => writeStory(db, story));
        stories.push(await withCircumstances(untouched, work));
        changes.begun = true;
      }
    }, stopped);
    return { server, database: main.database, stories };
  });
}

// --- internal ---

/** Throws STORY_INVALID for two files with one name: the second would change the rows of the first. */
function assertNamesDiffer(stories: readonly ParsedStory[]): void {
  const known = new Map<string, string>();
  for (const { file, name } of stories) {
    const first = known.get(name);
    known.set(name, file);
    if (first === undefined) continue;
    throw new MigrateError("STORY_INVALID", `two stories are named ${name}`, {
      found: [first, file],
      done: "no row was written",
      next: "rename one of the files, or add a line `name: NAME` to it",
    });
  }
}

function isChange({ inserted, updated, removed }: Counts): boolean {
  return inserted + updated + removed > 0;
}
