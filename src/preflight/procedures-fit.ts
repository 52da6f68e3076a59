import { MigrateError } from "../errors.ts";
import { withNote } from "../hint.ts";
import type { Plan } from "../plan/read-plan.ts";
import { type UpRequest, upCommand } from "../plan/up-command.ts";
import { withRequired } from "../plan/working-up.ts";
import { skipping } from "./skipping.ts";

/** Throws CONFLICT if a procedure needs a column that does not exist. `done` says what was done before. */
export function assertProceduresFit(plan: Plan, request: UpRequest, done: string): void {
  const unfit = plan.repeatables.filter(({ state }) => state === "impossible");
  if (unfit.length === 0) return;
  throw new MigrateError("CONFLICT", "procedures need columns that do not exist", {
    where: plan.catalog.database,
    found: unfit.map(({ title, live }) => `${title} ${live.state === "impossible" ? live.problem : ""}`),
    done,
    next: [
      "either create the missing columns, or give renamed columns their old names back, then:",
      upCommand(withRequired(plan, request)),
      withNote(
        skipping(
          { plan, request },
          unfit.map(({ name }) => name),
        ),
        "or: applies the rest, without these procedures",
      ),
    ],
  });
}
