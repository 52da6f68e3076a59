import type { Hint } from "../hint.ts";
import { upCommand } from "../plan/up-command.ts";
import { withRequired } from "../plan/working-up.ts";
import type { Subject } from "./check.ts";

/**
 * The refused `up`, which also skips these: a skip of one of them would be refused because of the others. `more` are
 * names of repeatables, or of a whole kind.
 */
export function skipping({ plan, request }: Pick<Subject, "plan" | "request">, more: readonly string[]): Hint<"up"> {
  const { skip } = request;
  const asked = skip?.reason === undefined ? [] : skip.names;
  const names = [...new Set([...asked, ...more])];
  const repeatables = plan.repeatables.filter(({ kind, name }) => !more.includes(name) && !more.includes(kind));
  const reason = skip?.reason ?? "WHY";
  return upCommand(withRequired({ ...plan, repeatables }, { ...request, skip: { names, reason } }));
}
