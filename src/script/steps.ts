/**
 * The steps of a script, each as `up` does it: the catalog is asked, the intent is written, the
 * statement is sent, the catalog is asked again, the outcome is written.
 */
import { formatDifference } from "../catalog/difference.ts";
import type { Forecast } from "../plan/forecast.ts";
import { comment, runIf } from "../script-forms.ts";
import { text } from "../sql.ts";
import type { Guard, Statement } from "../steps/contract.ts";
import { guard as guardOf, probe } from "../steps/index.ts";
import type { DueStep } from "./due-steps.ts";
import { about, conclude, hold, intend, recordFound } from "./journal.ts";
import { go, stopUnless } from "./syntax.ts";

export function stepLines(step: DueStep, steps: readonly DueStep[]): string[] {
  const { position, migration, number, title, verdict, entry, statement, forecast, madeWith } = step;
  const head = ["", comment(`Step ${position} of ${steps.length}: ${title} (${migration}, ${number})`)];
  if (verdict.state !== "absent") {
    const notices = verdict.notices.map((notice) => comment(`  ${formatDifference(notice)}`));
    const counted = entry?.state === "intended" ? guardOf(step.step, step.facts) : undefined;
    return [
      ...head,
      comment("  is there already"),
      ...notices,
      ask(step),
      isThere(step),
      ...(counted === undefined ? [] : countAfter(counted, step, [step])),
      recordFound(step),
    ];
  }
  if (statement !== undefined && forecast !== undefined)
    return [...head, ...bringAbout(step, [step, ...matesOf(step, steps)], statement, forecast)];
  const leader = steps.find((each) => isSameStep(each, madeWith));
  return [...head, comment(`  is made together with step ${leader?.position}`)];
}

/** Several steps share one statement if it joins their instant clauses. */
function bringAbout(step: DueStep, refs: readonly DueStep[], statement: Statement, forecast: Forecast): string[] {
  const { guard, session } = statement;
  return [
    ...remarks(statement, forecast),
    `SET @ispyb_text = ${text(sqlOf(statement))};`,
    ask(step),
    ...(guard === undefined ? [] : countBefore(guard, step)),
    ...hold(forecast.seconds),
    ...refs.map(intend),
    ...under(session, runIf(`@ispyb_there = 0 AND @ispyb_held = 1 AND ${go}`, "@ispyb_text")),
    "EXECUTE ispyb_ask;",
    isThere(step),
    ...(guard === undefined ? [] : countAfter(guard, step, refs)),
    conclude(refs, "ispyb_done", "@ispyb_there <> 0"),
  ];
}

/** Under the session variables of its statement, and as they were before afterwards. */
function under(session: Statement["session"] = {}, line: string): string[] {
  const variables = Object.entries(session);
  return [
    ...variables.map(([name, value]) => `SET @ispyb_${name} = @@SESSION.${name}; SET SESSION ${name} = ${value};`),
    line,
    ...variables.map(([name]) => `SET SESSION ${name} = @ispyb_${name};`),
  ];
}

function remarks(statement: Statement, { algorithm, lock, blocked }: Forecast): string[] {
  return [
    ...(statement.online === undefined ? [] : [`ALGORITHM=${algorithm}, LOCK=${lock}`]),
    `blocks: ${blocked}`,
    ...(statement.effect === undefined ? [] : [statement.effect]),
    ...(statement.repeats === true ? ["all rows in one transaction, where `up` takes a few thousand at a time"] : []),
    ...(statement.guard === undefined ? [] : [`before and after: no ${statement.guard.counts}`]),
  ].map((line) => comment(`  ${line}`));
}

/** Plain SQL cannot repeat a batch until it finds no row any more. */
function sqlOf({ sql, repeats }: Statement): string {
  return repeats === true ? sql.replace(/ LIMIT \d+$/, "") : sql;
}

function ask(step: DueStep): string {
  return `PREPARE ispyb_ask FROM ${text(`SELECT (${probe(step.step, step.facts)}) INTO @ispyb_there`)}; EXECUTE ispyb_ask;`;
}

function isThere({ position }: DueStep): string {
  return stopUnless("@ispyb_there <> 0", `step ${position} is not there`);
}

function countBefore(guard: Guard, { position }: DueStep): string[] {
  return [
    `SET @ispyb_count = IF(@ispyb_there = 0, (${guard.sql}), 0);`,
    stopUnless("@ispyb_count = 0", `rows stand against step ${position}`),
  ];
}

/** Owed until the step is recorded as done: rows may have been written while the statement ran. */
function countAfter(guard: Guard, step: DueStep, refs: readonly DueStep[]): string[] {
  return [
    `${about(step)}; EXECUTE ispyb_recall; SET @ispyb_count = IF(@ispyb_was = 'intended', (${guard.sql}), 0);`,
    ...under(guard.undo.session, runIf("@ispyb_count > 0", text(guard.undo.sql))),
    conclude(refs, "ispyb_not_done", "@ispyb_count > 0"),
    stopUnless("@ispyb_count = 0", `rows stand against step ${step.position}`),
  ];
}

function matesOf(leader: DueStep, steps: readonly DueStep[]): DueStep[] {
  return steps.filter(({ madeWith }) => isSameStep(leader, madeWith));
}

function isSameStep(step: DueStep, other: DueStep["madeWith"]): boolean {
  return step.migration === other?.migration && step.number === other.number;
}
