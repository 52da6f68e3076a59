import { MigrateError } from "../errors.ts";
import { type Next, hint } from "../hint.ts";
import type { MissingMigration } from "../plan/plan.ts";
import { lackingSource, passAgain } from "../plan/lacking-source.ts";
import type { Plan } from "../plan/read-plan.ts";
import { sourceOf } from "../state/migration-names.ts";

/** An applied migration whose file is not as it was. */
interface HistoryChange {
  readonly name: string;
  readonly what: string;
  /** What a person does about it: the way back, then the way on. */
  readonly fixes: readonly Next[];
}

/** Throws HISTORY_CHANGED if an applied migration was edited, renamed or removed. */
export function assertUnchangedHistory(plan: Plan): void {
  const changes = historyChanges(plan);
  if (changes.length === 0) return;
  throw new MigrateError("HISTORY_CHANGED", "the migrations on disk are not the ones that were applied", {
    where: plan.catalog.database,
    found: changes.map(({ name, what }) => `${name}: ${what}`),
    done: "nothing was changed",
    next: [
      ...new Set(changes.flatMap(({ fixes }) => fixes)),
      ...(changes.some(({ name }) => sourceOf(name) === undefined)
        ? ["or use the version of this tool that applied them"]
        : []),
      ...(plan.migrations.some(({ state }) => state === "edited")
        ? ["to change the schema further, write a new migration"]
        : []),
    ],
  });
}

export function historyChanges({ migrations, missing }: Pick<Plan, "migrations" | "missing">): HistoryChange[] {
  const edited = migrations
    .filter(({ state }) => state === "edited")
    .map(({ migration: { name, file } }) => ({
      name,
      what: "edited since it was applied",
      fixes: [
        `restore ${file ?? `the file of ${name}`} as it was when it was applied`,
        settling("accept", name, "or: from now on this file counts as the applied one; nothing is run"),
      ],
    }));
  return [...edited, ...missing.map((each) => goneChange(each, { migrations }))];
}

// --- internal ---

function goneChange({ name, renamedTo }: MissingMigration, plan: Pick<Plan, "migrations">): HistoryChange {
  if (renamedTo !== undefined) {
    return {
      name,
      what: `recorded, but its file is now called ${renamedTo}`,
      fixes: [
        `rename ${renamedTo} back to ${name}`,
        settling("accept", name, `or: its records then belong to ${renamedTo}`),
      ],
    };
  }
  const forgetting = settling("forget", name, "or: keeps its objects, and no longer expects its file");
  const lacking = lackingSource(plan, name);
  if (lacking !== undefined) return { name, what: lacking, fixes: [passAgain(name), forgetting] };
  return { name, what: "recorded, but its file is missing", fixes: [`restore the file of ${name}`, forgetting] };
}

function settling(command: "accept" | "forget", name: string, note: string): Next {
  return hint(command, { args: [name], options: { reason: "WHY" }, note });
}
