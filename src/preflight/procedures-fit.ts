import { MigrateError } from "../errors.ts";
import type { Plan } from "../plan/read-plan.ts";
import { skipCommand } from "../state/skips.ts";

/** Throws CONFLICT if a procedure needs a column that does not exist. `done` says what was done before. */
export function assertProceduresFit({ catalog, repeatables }: Plan, done: string): void {
  const unfit = repeatables.filter(({ state }) => state === "impossible");
  if (unfit.length === 0) return;
  throw new MigrateError("CONFLICT", "procedures need columns that do not exist", {
    where: catalog.database,
    found: unfit.map(({ title, live }) => `${title} ${live.state === "impossible" ? live.problem : ""}`),
    done,
    next: [
      "either create the missing columns, or give them their old names back",
      skipCommand(
        unfit.map(({ name }) => name),
        "or: applies the rest, without these procedures",
      ),
    ],
  });
}
