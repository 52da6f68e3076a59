import { formatDifference } from "../catalog/difference.ts";
import { MigrateError } from "../errors.ts";
import { type Hint, type Next, withNote } from "../hint.ts";
import { isBroken } from "../plan/plan.ts";
import type { Conflict } from "../steps/contract.ts";
import { scriptOf } from "../steps/script-of-statement.ts";
import type { Subject } from "./check.ts";

/** Throws CONFLICT if something else has the name or place that a step needs. */
export function assertNoConflicts({ plan, retry }: Subject): void {
  const conflicts = plan.migrations
    .filter((each) => !isBroken(each))
    .flatMap((each) =>
      each.steps.flatMap((step) =>
        step.verdict.state === "conflict"
          ? step.verdict.conflicts.map((conflict) => ({
              conflict,
              step: `step ${step.number} of ${each.migration.name}`,
            }))
          : [],
      ),
    );
  const [first] = conflicts;
  if (first === undefined) return;
  const { object } = first.conflict.difference;
  throw new MigrateError("CONFLICT", `${first.step} is in conflict with the existing ${object}`, {
    where: `${plan.catalog.database}.${object}`,
    found: [...new Set(conflicts.map(({ conflict }) => formatDifference(conflict.difference)))],
    done: "nothing was changed",
    next: [
      ...plan.migrations
        .filter(({ state }) => state === "skipped")
        .map(
          ({ migration }) =>
            `if this step needs the skipped migration ${migration.name}: skip both with --skip NAME,NAME --reason TEXT`,
        ),
      ...adviceOn(
        conflicts.map(({ conflict }) => conflict),
        retry,
      ),
    ],
  });
}

// --- internal ---

function adviceOn(conflicts: readonly Conflict[], retry: Hint): Next[] {
  const additions = conflicts.flatMap(({ add }) => (add === undefined ? [] : scriptOf(add)));
  const engines = conflicts.flatMap(({ difference, change }) =>
    difference.aspect === "engine" && change !== undefined
      ? [`${change.sql};   # at a quiet time: copies the table`]
      : [],
  );
  const advice = conflicts.flatMap((conflict) => conflict.advice ?? []);
  const isOpen = conflicts.some(
    (conflict) => (conflict.add ?? conflict.advice) === undefined && conflict.difference.aspect !== "engine",
  );
  return [
    ...new Set([...additions, ...engines, ...advice]),
    ...(isOpen
      ? [
          "if the object is not used: drop it, or rename it and drop its foreign keys",
          'if it is used: change it by hand to the wanted form: each line above names it after "instead of"',
        ]
      : []),
    withNote(retry, "afterwards"),
  ];
}
