/** What `plan --down` answers: the way back, statement by statement. */
import type { DownPlan } from "../plan/down-plan.ts";
import type { PlannedUndo } from "../plan/down-step.ts";
import { dropToolTable } from "../state/tables.ts";
import { type DownRepeatableDocument, type DownStepDocument, repeatableDocument, stepDocument } from "./down.ts";
import { formatNotVisible } from "./format-notice.ts";
import { type PlaceDocument, placeDocument } from "./place.ts";
import { type PlanStatement, statementDocument } from "./plan.ts";

export interface PlanDownDocument extends PlaceDocument {
  /** Nothing recorded remains; the tool's own tables are dropped, too. */
  readonly everything: boolean;
  /** Procedures, rows of SchemaStatus and privileges that are undone first. */
  readonly repeatables: readonly DownRepeatableDocument[];
  /** Newest first. */
  readonly migrations: readonly PlanDownMigration[];
  /** The statements that drop the tool's own tables. */
  readonly toolTables: readonly string[];
  /** Objects of the facility whose text mentions what is removed: "event nightly mentions ProcessingJob". */
  readonly mentions: readonly string[];
  /** What this account cannot see of them, each with the statement that shows it. */
  readonly notVisible: readonly string[];
  /** The folder for the file with the rows that would be lost. */
  readonly saveTo: string;
}

export interface PlanDownMigration {
  readonly name: string;
  readonly steps: readonly PlanDownStep[];
}

export interface PlanDownStep extends Omit<DownStepDocument, "sql"> {
  /** In the order in which they are sent. */
  readonly statements: readonly PlanDownStatement[];
}

export interface PlanDownStatement extends PlanStatement {
  /** What it is for, if it only prepares or ends the undo. */
  readonly why?: string;
  /** The rows that would be lost are saved right after it. */
  readonly saves: boolean;
}

export function planDownDocument(plan: DownPlan, saveTo: string): PlanDownDocument {
  return {
    ...placeDocument(plan.server, plan.catalog.database),
    everything: plan.everything,
    repeatables: plan.repeatables.map(repeatableDocument),
    migrations: plan.migrations.map(({ name, steps }) => ({
      name,
      steps: steps.map((step) => {
        const { sql: _one, ...rest } = stepDocument(step);
        return { ...rest, statements: step.sent.map(sentDocument) };
      }),
    })),
    toolTables: plan.toolTables.map(dropToolTable),
    mentions: plan.mentions,
    notVisible: plan.notVisible.map(formatNotVisible),
    saveTo,
  };
}

// --- internal ---

function sentDocument({ forecast, saves = false, statement, why }: PlannedUndo): PlanDownStatement {
  return { ...(why === undefined ? {} : { why }), saves, ...statementDocument(statement, forecast) };
}
