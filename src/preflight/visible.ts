import { MigrateError } from "../errors.ts";
import { withNote } from "../hint.ts";
import { unseenRoles } from "../plan/due.ts";
import { dueChanges } from "../repeatables/repeatable.ts";
import type { Subject } from "./check.ts";
import { skipping } from "./skipping.ts";

/** Throws MISSING_PRIVILEGE if --create-roles is given to an account that cannot see which roles exist. */
export function assertRolesVisible({ plan, retry }: Subject): void {
  const unseen = unseenRoles(plan);
  if (unseen.length === 0) return;
  throw new MigrateError("MISSING_PRIVILEGE", "this account cannot see roles, so --create-roles is not possible", {
    where: plan.catalog.database,
    found: unseen.map(({ problem }) => problem),
    done: "nothing was changed",
    next: [...statementsOf(unseen), withNote(retry, "afterwards")],
  });
}

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
      ...statementsOf(hidden),
      withNote(retry, "afterwards"),
      withNote(skipping({ plan, request }, ["procedures"]), "or: applies the rest, without procedures"),
    ],
  });
}

/** Each once, one by one: a person, or a program, sends them as they are. */
function statementsOf(hidden: readonly { readonly next: string }[]): string[] {
  return [...new Set(hidden.flatMap(({ next }) => next.split("\n")))];
}
