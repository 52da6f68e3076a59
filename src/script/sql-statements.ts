/** Statements of a facility's .sql files in a script. */
import { MigrateError } from "../errors.ts";
import { hint } from "../hint.ts";
import type { Forecast } from "../plan/forecast.ts";
import { isWithoutWitness } from "../plan/unknown.ts";
import { comment, runIf } from "../script-forms.ts";
import { text } from "../sql.ts";
import type { Statement } from "../steps/contract.ts";
import { formatStepRef } from "../steps/step-ref.ts";
import type { DueStep } from "./due-steps.ts";
import { conclude, holdLease, intend, setStep, wasRecorded } from "./journal.ts";
import { checksPass, stopUnless, withSession } from "./syntax.ts";

/** Throws USAGE for a statement that plain SQL cannot leave out when the script is run again. */
export function assertScriptable(database: string, steps: readonly DueStep[]): void {
  const never = steps.filter(({ step }) => step.kind === "sqlStatement" && isOnlyDirect(step.sql));
  const [first] = never;
  if (first === undefined) return;
  throw new MigrateError("USAGE", `a script cannot hold ${formatStepRef(first)}`, {
    where: database,
    found: never.map((each) => formatStepRef(each)),
    wanted: "statements that the server can PREPARE: so the script can leave out what is already done",
    done: "nothing was changed, and no script was written",
    next: hint("up", { note: "runs them" }),
  });
}

/** Lines of a statement that only the journal knows of; undefined for any other step. */
export function unprobedLines(step: DueStep, statement: Statement, forecast: Forecast): string[] | undefined {
  if (!isWithoutWitness(step.step)) return undefined;
  return [
    comment("  nothing but the journal shows whether it was done"),
    `SET @ispyb_text = ${text(statement.sql)};`,
    ...readState(step),
    ...holdLease(forecast),
    intend(step),
    ...withSession(statement.session, runIf(`@ispyb_there = 0 AND @ispyb_held = 1 AND ${checksPass}`, "@ispyb_text")),
    conclude([step], "ispyb_done", "@ispyb_there = 0"),
  ];
}

// --- internal ---

/** Statements that not every server prepares. */
function isOnlyDirect(sql: string): boolean {
  return /^\s*(?:CREATE|ALTER|DROP)\b[^(]*?\b(?:PROCEDURE|FUNCTION|TRIGGER|EVENT)\b/i.test(sql);
}

function readState(step: DueStep): string[] {
  return [
    `${setStep(step)}; EXECUTE ispyb_read_state;`,
    stopUnless("@ispyb_state_before <> 'intended'", `unknown whether step ${step.position} was done`),
    `SET @ispyb_there = ${wasRecorded};`,
  ];
}
