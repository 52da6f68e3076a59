import { MigrateError } from "../errors.ts";
import { withNote } from "../hint.ts";
import { dueChanges } from "../repeatables/repeatable.ts";
import { skipCommand } from "../state/skips.ts";
import type { Subject } from "./check.ts";

/** Throws MISSING_PRIVILEGE if this account cannot read a procedure that it would replace. */
export function assertProceduresVisible({ plan, request, retry }: Subject): void {
  const unseen = plan.repeatables.flatMap(({ kind, live, state }) =>
    state === "hidden" && live.state === "hidden" && kind !== "grants" ? [live] : [],
  );
  const blocked = dueChanges(plan.repeatables, request.repair).flatMap((change) => change.blocked ?? []);
  const hidden = [...unseen, ...blocked];
  if (hidden.length === 0) return;
  throw new MigrateError("MISSING_PRIVILEGE", "this account cannot read the procedures that it would replace", {
    where: plan.catalog.database,
    found: [...new Set(hidden.map((each) => each.problem))],
    done: "nothing was changed",
    next: [
      ...new Set(hidden.map(({ next }) => next)),
      withNote(retry, "afterwards"),
      skipCommand(["procedures"], "or: applies the rest, without procedures"),
    ],
  });
}
