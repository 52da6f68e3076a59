/** What an `up` does to procedures that a facility has, and who procedures run as: the first lines of a plan. */
import type { Caller } from "../../documents/caller.ts";
import { formatHint } from "../../documents/format-hint.ts";
import { hint } from "../../hint.ts";
import type { Plan } from "../../plan/read-plan.ts";
import type { UpRequest } from "../../plan/up-command.ts";
import { plural } from "../../plural.ts";
import { skipping } from "../../preflight/skipping.ts";
import { type DefinerChange, closingOf, definerChanges, unseenDefiners } from "../../repeatables/definers.ts";
import type { PlannedRepeatable } from "../../repeatables/repeatable.ts";

export function procedureLines(plan: Plan, request: UpRequest, caller: Caller): string[] {
  const own = plan.repeatables.filter(isFromElsewhere).length;
  const changes = definerChanges(plan.repeatables, request.repair);
  const keeping = formatHint(skipping({ plan, request }, ["procedures"]), caller);
  return [
    ...(own === 0
      ? []
      : [`replaces ${plural(own, "procedure")} that this tool did not write; to keep all as they are: \`${keeping}\``]),
    ...changes.map(changeLine),
    ...lockAdvice(plan, changes),
    ...unseenDefiners(plan.repeatables).map(
      (account) =>
        `this account cannot see whether ${account} may do what procedures do; \`${formatHint(hint("verify"), caller)}\` prints the GRANTs that show it`,
    ),
  ];
}

/** ", which will run as mig@% instead of root@localhost", for a question; nothing where they keep their account. */
export function runningInstead(plan: Plan, repair: boolean): string {
  const others = definerChanges(plan.repeatables, repair).filter(
    ({ before, after, isNew }) => !isNew && before !== after,
  );
  return others.length === 0 ? "" : ` (${others.map(changeLine).join("; ")})`;
}

/** How to close the account that procedures run as: without a drop. */
export function lockAdvice({ server: { account } }: Plan, changes: readonly DefinerChange[]): string[] {
  const closing = changes.some(({ after }) => after === account) ? closingOf(account) : undefined;
  return closing === undefined
    ? []
    : [
        `do not drop ${account} afterwards: the procedures run as this account, and their calls would fail. To lock it: ${closing}`,
      ];
}

// --- internal ---

/** A form that this tool neither wrote nor recorded. */
function isFromElsewhere({ kind, live, state, entry }: PlannedRepeatable): boolean {
  return kind === "procedures" && state === "pending" && live.state === "different" && entry?.state !== "done";
}

function changeLine({ before, isGone, isNew, after, procedures }: DefinerChange): string {
  const count = procedures.length;
  if (isNew) return `${plural(count, "new procedure")} will run as ${after}`;
  const some = plural(count, "procedure");
  // SQL SECURITY INVOKER.
  if (before === undefined) return `${some} will run as ${after}, and no longer as the caller`;
  if (before === after) return `${some} will run as ${after}, as now`;
  return `${some} will run as ${after} instead of ${before}${isGone ? ", which does not exist" : ""}`;
}
