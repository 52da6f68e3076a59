/** Compares every repeatable with the database. Sends only SELECT and SHOW. */
import type { Db } from "../db/db.ts";
import { entryOf } from "../state/journal.ts";
import { SELF_STEP } from "../state/previous.ts";
import { objectOf } from "../state/repeatable-names.ts";
import { reasonOf } from "../state/skips.ts";
import type { RepeatableContext } from "./context.ts";
import { inspectGrants } from "./grants.ts";
import { inspectProcedures } from "./procedures/inspect.ts";
import { tablesOfProcedure } from "./procedures/render.ts";
import type { ProcedureSource } from "./procedures/source.ts";
import { type PlannedRepeatable, type Repeatable, planRepeatable } from "./repeatable.ts";
import { inspectSchemaStatus } from "./schema-status.ts";

/** The tables that repeatables depend on. */
export function tablesOfRepeatables(procedures: readonly ProcedureSource[] = []): string[] {
  return ["SchemaStatus", ...procedures.flatMap(tablesOfProcedure)];
}

export async function planRepeatables(db: Db, context: RepeatableContext): Promise<PlannedRepeatable[]> {
  const procedures = context.isWhole ? await inspectProcedures(db, context) : [];
  const there = assessed(procedures, context);
  const rest = [
    ...(await inspectSchemaStatus(db, context)),
    ...(context.isWhole ? await inspectGrants(db, context, executable(there)) : []),
  ];
  return [...there, ...assessed(rest, context)];
}

function assessed(repeatables: readonly Repeatable[], { entries }: RepeatableContext): PlannedRepeatable[] {
  return repeatables.map((each) =>
    planRepeatable(each, entryOf(entries, each.name, SELF_STEP), reasonOf(entries, each.name)),
  );
}

/** Names of the procedures that exist, or will exist. */
function executable(procedures: readonly PlannedRepeatable[]): string[] {
  return procedures
    .filter(({ state, live }) => live.state === "present" || (state !== "skipped" && live.state !== "impossible"))
    .map(({ name }) => objectOf(name));
}
