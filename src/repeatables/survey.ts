/** Every repeatable beside the database as it is. Only SELECT and SHOW are sent. */
import type { Db } from "../db/db.ts";
import { entryOf } from "../state/journal.ts";
import { OWN_STEP } from "../state/previous.ts";
import { objectOf } from "../state/repeatable-names.ts";
import { reasonOf } from "../state/skips.ts";
import type { RepeatContext } from "./context.ts";
import { surveyGrants } from "./grants.ts";
import { tablesOfProcedure } from "./procedures/render.ts";
import type { ProcedureSource } from "./procedures/source.ts";
import { surveyProcedures } from "./procedures/survey.ts";
import { type Repeatable, type SurveyedRepeatable, assessRepeatable } from "./repeatable.ts";
import { surveySchemaStatus } from "./schema-status.ts";

/** The tables that repeatables ask about. */
export function tablesOfRepeatables(procedures: readonly ProcedureSource[] = []): string[] {
  return ["SchemaStatus", ...procedures.flatMap(tablesOfProcedure)];
}

export async function surveyRepeatables(db: Db, context: RepeatContext): Promise<SurveyedRepeatable[]> {
  const procedures = context.isWhole ? await surveyProcedures(db, context) : [];
  const there = assessed(procedures, context);
  const rest = [
    ...(await surveySchemaStatus(db, context)),
    ...(context.isWhole ? await surveyGrants(db, context, executable(there)) : []),
  ];
  return [...there, ...assessed(rest, context)];
}

function assessed(repeatables: readonly Repeatable[], { entries }: RepeatContext): SurveyedRepeatable[] {
  return repeatables.map((each) =>
    assessRepeatable(each, entryOf(entries, each.name, OWN_STEP), reasonOf(entries, each.name)),
  );
}

/** The procedures that are there, or will be. */
function executable(procedures: readonly SurveyedRepeatable[]): string[] {
  return procedures
    .filter(({ state, live }) => live.state === "present" || (state !== "skipped" && live.state !== "impossible"))
    .map(({ name }) => objectOf(name));
}
