import { MigrateError } from "../errors.ts";
import type { Plan } from "../plan/read-plan.ts";
import { sourceOf } from "../state/migration-names.ts";

/** An applied migration whose file is not as it was. */
interface HistoryChange {
  readonly name: string;
  readonly what: string;
  /** What a person does about it. */
  readonly fix: string;
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
      ...new Set(changes.map(({ fix }) => fix)),
      "or use the version of this tool that applied them",
      ...(plan.migrations.some(({ state }) => state === "edited")
        ? ["to change the schema further, write a new migration"]
        : []),
    ],
  });
}

export function historyChanges({ migrations, missing }: Pick<Plan, "migrations" | "missing">): HistoryChange[] {
  const edited = migrations
    .filter(({ state }) => state === "edited")
    .map(({ migration: { name } }) => ({
      name,
      what: "edited since it was applied",
      fix: `restore the file of ${name} as it was when it was applied`,
    }));
  const sources = new Set(migrations.map(({ migration: { name } }) => sourceOf(name)));
  const gone = missing.map(({ name, renamedTo }) => {
    const source = sourceOf(name);
    if (renamedTo === undefined && source !== undefined && !sources.has(source)) {
      const what = `recorded, and this run has no --migrations ${source}=DIR`;
      return { name, what, fix: `pass --migrations ${source}=DIR again: ${name} comes from that folder` };
    }
    return renamedTo === undefined
      ? { name, what: "recorded, but its file is missing", fix: `restore the file of ${name}` }
      : {
          name,
          what: `recorded, but its file is now called ${renamedTo}`,
          fix: `rename ${renamedTo} back to ${name}`,
        };
  });
  return [...edited, ...gone];
}
