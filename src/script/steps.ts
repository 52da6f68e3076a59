/**
 * The steps of a script, in the order of `up`: read the catalog, write the intent, send the statement, read the
 * catalog again, write the outcome.
 */
import { formatDifference } from "../catalog/difference.ts";
import type { Forecast } from "../plan/forecast.ts";
import { isWithoutWitness } from "../plan/unknown.ts";
import { comment, runIf } from "../script-forms.ts";
import { text } from "../sql.ts";
import type { Guard, Statement } from "../steps/contract.ts";
import { guard as guardOf, probe } from "../steps/index.ts";
import type { DueStep } from "./due-steps.ts";
import { conclude, holdLease, intend, recordAdopted, setStep } from "./journal.ts";
import { unprobedLines } from "./sql-statements.ts";
import { checksPass, stopUnless, withSession } from "./syntax.ts";

export function stepLines(step: DueStep, steps: readonly DueStep[]): string[] {
  const { position, migration, number, title, verdict, entry, statement, forecast, madeWith } = step;
  const head = ["", comment(`Step ${position} of ${steps.length}: ${title} (${migration}, ${number})`)];
  if (verdict.state !== "absent" && isWithoutWitness(step.step)) return [...head, comment("  nothing to do: recorded")];
  if (verdict.state !== "absent") {
    const notices = verdict.notices.map((notice) => comment(`  ${formatDifference(notice)}`));
    const counted = entry?.state === "intended" ? guardOf(step.step, step.facts) : undefined;
    return [
      ...head,
      comment("  nothing to do: only recorded"),
      ...notices,
      probeLine(step),
      stopUnlessThere(step),
      ...(counted === undefined ? [] : countAfter(counted, step)),
      recordAdopted(step),
    ];
  }
  if (statement !== undefined && forecast !== undefined)
    return [...head, ...statementLines(step, [step, ...joinedSteps(step, steps)], statement, forecast)];
  const leader = steps.find((each) => isSameStep(each, madeWith));
  return [...head, comment(`  part of the statement of step ${leader?.position}`)];
}

/** Several steps share one statement if it joins their changes. */
function statementLines(step: DueStep, refs: readonly DueStep[], statement: Statement, forecast: Forecast): string[] {
  const { session } = statement;
  const guards = (statement.guards ?? []).map((guard) => ({ guard, ref: refs.find(requires(guard)) ?? step }));
  const unprobed = unprobedLines(step, statement, forecast);
  if (unprobed !== undefined) return [...remarkLines(statement, forecast), ...unprobed];
  return [
    ...remarkLines(statement, forecast),
    `SET @ispyb_text = ${text(statement.sql)};`,
    probeLine(step),
    ...guards.flatMap(({ guard, ref }) => countBefore(guard, ref)),
    ...holdLease(forecast),
    ...refs.map(intend),
    ...withSession(session, runIf(`@ispyb_there = 0 AND @ispyb_held = 1 AND ${checksPass}`, "@ispyb_text")),
    "EXECUTE ispyb_probe;",
    stopUnlessThere(step),
    ...guards.flatMap(({ guard, ref }) => countAfter(guard, ref)),
    conclude(refs, "ispyb_done", "@ispyb_there <> 0"),
  ];
}

function remarkLines(statement: Statement, { algorithm, lock, blocked }: Forecast): string[] {
  return [
    ...(statement.online === undefined ? [] : [`ALGORITHM=${algorithm}, LOCK=${lock}`]),
    `blocks: ${blocked}`,
    ...(statement.effect === undefined ? [] : [statement.effect]),
    ...(statement.fill === undefined
      ? []
      : ["all rows in one transaction, which locks them until it ends; `up` would fill them in small batches"]),
    ...(statement.guards ?? []).map(({ counts }) => `before and after, this count must be 0: ${counts}`),
  ].map((line) => comment(`  ${line}`));
}

function requires({ sql }: Guard): (step: DueStep) => boolean {
  return ({ own }) => own?.guards?.some((guard) => guard.sql === sql) === true;
}

function probeLine(step: DueStep): string {
  return `PREPARE ispyb_probe FROM ${text(`SELECT (${probe(step.step, step.facts)}) INTO @ispyb_there`)}; EXECUTE ispyb_probe;`;
}

function stopUnlessThere({ position }: DueStep): string {
  return stopUnless("@ispyb_there <> 0", `the effect of step ${position} is missing`);
}

function countBefore(guard: Guard, { position }: DueStep): string[] {
  return [
    `SET @ispyb_count = IF(@ispyb_there = 0, (${guard.sql}), 0);`,
    stopUnless("@ispyb_count = 0", `rows are in the way of step ${position}`),
  ];
}

/** Counts again until the step is recorded as done: rows may have been written while the statement ran. */
function countAfter(guard: Guard, step: DueStep): string[] {
  return [
    `${setStep(step)}; EXECUTE ispyb_read_state; SET @ispyb_count = IF(@ispyb_state_before = 'intended', (${guard.sql}), 0);`,
    ...withSession(guard.undo.session, runIf("@ispyb_count > 0", text(guard.undo.sql))),
    conclude([step], "ispyb_not_done", "@ispyb_count > 0"),
    stopUnless("@ispyb_count = 0", `rows are in the way of step ${step.position}`),
  ];
}

/** The steps that share the statement of this one. */
export function joinedSteps(leader: DueStep, steps: readonly DueStep[]): DueStep[] {
  return steps.filter(({ madeWith }) => isSameStep(leader, madeWith));
}

export function isSameStep(step: DueStep, other: DueStep["madeWith"]): boolean {
  return step.migration === other?.migration && step.number === other.number;
}
