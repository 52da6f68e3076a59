import { sameName } from "../model.ts";
import type { Statement } from "../steps/contract.ts";
import { mergeStatements } from "../steps/merge.ts";
import type { StepRef } from "../steps/step-ref.ts";
import type { UncountedStep } from "./down-step.ts";

/**
 * Columns of one table, where each drop would rebuild it, are dropped in one statement: that of the last of them. The others
 * stay until then, with their records. `steps` are in the order in which they are undone.
 */
export function joinDrops(steps: readonly UncountedStep[]): UncountedStep[] {
  const last = new Map(steps.map((step, at) => [step, lastWith(step, steps.slice(at + 1))]));
  return steps.map((step): UncountedStep => {
    const undoneWith = last.get(step);
    if (step.undo === undefined) return step;
    const { statement: _alone, ...rest } = step.undo;
    if (undoneWith !== undefined) return { ...step, undo: rest, undoneWith };
    const before = steps.filter((each) => last.get(each) === step);
    const all = [...before, step].flatMap((each) => each.undo?.statement ?? []);
    return before.length === 0 ? step : { ...step, undo: { ...rest, statement: mergeStatements(all) } };
  });
}

/** The earlier steps that wait for this one, in their order. */
export function undoneTogether<S extends Pick<UncountedStep, "undoneWith">>(
  steps: readonly S[],
  { migration, number }: StepRef,
): S[] {
  return steps.filter(({ undoneWith }) => undoneWith?.migration === migration && undoneWith.number === number);
}

// --- internal ---

/** The last column that can be dropped together with this one: nothing between them has an effect that only the server knows. */
function lastWith(step: UncountedStep, rest: readonly UncountedStep[]): UncountedStep | undefined {
  const table = rebuiltBy(step);
  if (table === undefined) return undefined;
  const end = rest.findIndex(
    ({ step: { kind }, undo }) => /^(?:runSql|sqlStatement)$/.test(kind) && undo !== undefined,
  );
  return rest.slice(0, end < 0 ? rest.length : end).findLast((each) => sameName(rebuiltBy(each) ?? "", table));
}

function rebuiltBy({ step, undo }: UncountedStep): string | undefined {
  const statement: Statement | undefined = undo?.statement;
  return step.kind === "addColumn" && statement?.rebuilds === true ? step.table : undefined;
}
