import { type Hint, hint } from "../hint.ts";
import { MigrateError } from "../errors.ts";
import type { UnknownStep } from "../plan/unknown.ts";
import { formatStepRef } from "../steps/step-ref.ts";

/** Throws UNKNOWN_OUTCOME if a statement of a .sql file was cut off and nothing shows what came of it. */
export function assertNoneUnknown(database: string, steps: readonly UnknownStep[]): void {
  const [first, ...more] = steps;
  if (first !== undefined) throw unknownOutcome(database, [first, ...more]);
}

/** Such a step, with its record. */
type Unknown = Pick<UnknownStep, "migration" | "number" | "step" | "checksum" | "entry">;

export function unknownOutcome(database: string, steps: readonly [Unknown, ...Unknown[]]): MigrateError {
  const [{ migration }] = steps;
  return new MigrateError(
    "UNKNOWN_OUTCOME",
    "a run was cut off while a statement ran, and nothing shows whether it took effect",
    {
      where: steps.map((each) => formatStepRef(each)).join("; "),
      found: steps.map(({ entry }) => `sent by ${entry.account}: ${entry.statement ?? ""}`),
      done: `in ${database} nothing was changed by this run`,
      next: ["look at the database, then tell the journal what is there:", ...waysOut(migration)],
    },
  );
}

/** Both commands that settle it. */
export function waysOut(migration: string): [Hint, Hint] {
  const settle = (command: "accept" | "forget", note: string) =>
    hint(command, { args: [migration], options: { reason: "WHY" }, note });
  return [settle("accept", "its effect is there"), settle("forget", "its effect is not there: the next `up` sends it")];
}
