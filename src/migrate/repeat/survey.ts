/** Every repeatable beside the database as it is. Only SELECT and SHOW are sent. */
import type { Server } from "../../catalog/server.ts";
import type { Db } from "../../db/db.ts";
import type { Catalog } from "../../model.ts";
import { tablesOfProcedure } from "../../procedures/render.ts";
import type { ProcedureSource } from "../../procedures/source.ts";
import type { RoutineSettings } from "../../procedures/wanted.ts";
import { type Entry, entryOf } from "../journal.ts";
import { reasonOf } from "../skip.ts";
import { surveyGrants } from "./grants.ts";
import { objectOf } from "./names.ts";
import { surveyProcedures } from "./procedures.ts";
import { OWN_STEP } from "./recorded.ts";
import { type Repeatable, type SurveyedRepeatable, assessRepeatable } from "./repeatable.ts";
import { surveySchemaStatus } from "./schema-status.ts";

/** A migration as the repeatables see it. */
export interface Standing {
  readonly name: string;
  readonly upstream: readonly string[];
}

export interface RepeatContext {
  readonly server: Server;
  /** As the migrations leave it. */
  readonly catalog: Catalog;
  readonly migrations: readonly Standing[];
  /** Names of those that are applied, or will be before the repeatables have their turn. */
  readonly standing: ReadonlySet<string>;
  /** False where only a part of the migrations is wanted: procedures and grants stand upon all of them. */
  readonly isWhole: boolean;
  /** The journal, as if what is to be skipped were so already. */
  readonly entries: readonly Entry[];
  readonly recorded: readonly Entry[];
  readonly procedures: readonly ProcedureSource[];
  readonly routines: RoutineSettings;
  readonly createRoles: boolean;
}

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
