/**
 * Instant changes of one table go into one statement, across migrations: one metadata lock instead of
 * one for each, and MySQL counts the instant changes of a table. Each of them is journaled as itself.
 */
import type { Facts, Statement } from "../steps/contract.ts";
import { inspect, project, render } from "../steps/index.ts";
import { sameName } from "../model.ts";
import type { Place } from "./ledger.ts";

export interface Rendered<P extends Place = Place> {
  readonly place: P;
  readonly statement: Statement;
}

/** What of `rest` goes into the statement of `first`; nothing where that is no instant change of a column. */
export function joining<R extends Rendered>(first: Rendered, rest: readonly R[]): R[] {
  if (!isInstantClause(first.statement)) return [];
  return rest.filter(
    ({ place, statement }) => isInstantClause(statement) && sameName(tableOf(place), tableOf(first.place)),
  );
}

/** The same, where the statements of the rest are still to be rendered: on top of one another, from the facts of `first`. */
export function renderJoining(first: Rendered, rest: readonly Place[], facts: Facts): Rendered[] {
  if (!isInstantClause(first.statement)) return [];
  let catalog = project(first.place.step, facts);
  const joined: Rendered[] = [];
  for (const place of rest.filter((each) => isColumnStep(each) && sameName(tableOf(each), tableOf(first.place)))) {
    const then = { ...facts, catalog };
    if (inspect(place.step, then).state !== "absent") continue;
    const statement = render(place.step, then);
    if (!isInstantClause(statement)) continue;
    joined.push({ place, statement });
    catalog = project(place.step, then);
  }
  return joined;
}

function isInstantClause(statement: Statement): boolean {
  return statement.clause !== undefined && statement.online?.algorithm === "INSTANT";
}

function isColumnStep({ step }: Place): boolean {
  return step.kind === "addColumn" || step.kind === "addEnumValue";
}

function tableOf({ step }: Place): string {
  return "table" in step ? step.table : "";
}
