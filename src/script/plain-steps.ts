/** The steps of a plain script: reason, check, statement, check. */
import { formatDifference } from "../catalog/difference.ts";
import type { Forecast } from "../plan/forecast.ts";
import { duration } from "../plan/prediction-words.ts";
import { comment } from "../script-forms.ts";
import { id } from "../sql.ts";
import { scriptOf } from "../steps/script-of-statement.ts";
import type { Fill, Guard, Statement } from "../steps/contract.ts";
import { missing, probe } from "../steps/index.ts";
import type { DueStep } from "./due-steps.ts";
import { check, remarks, whole } from "./plain-checks.ts";
import { isSameStep, joinedSteps } from "./steps.ts";
import { withSession } from "./syntax.ts";

/** What a person does with a fill. */
const repeatFill = "repeat this statement until it changes no row";

export function plainStep(step: DueStep, steps: readonly DueStep[], isRepairing: boolean): string[] {
  const { forecast, madeWith, position, repairs = [], statement, title, verdict } = step;
  const head = ["", comment(`Step ${position} of ${steps.length}: ${title}`)];
  if (isRepairing && repairs.length > 0) {
    const lines = repairs.flatMap(({ add, forecast: of, object }) => [
      ...remarks([`adds what is missing: ${object}`, ...facts(add, of)]),
      ...(add.guards ?? []).map((guard) => countLine(guard, position, "before")),
      ...sent(add),
    ]);
    return [...head, ...lines, after(step)];
  }
  if (verdict.state !== "absent") {
    const notices = verdict.state === "present" ? verdict.notices.map(formatDifference) : [];
    return [...head, ...remarks(["nothing to do", ...notices])];
  }
  if (statement === undefined || forecast === undefined) {
    const leader = steps.find((each) => isSameStep(each, madeWith));
    return [...head, ...remarks([`part of the statement of step ${leader?.position}`])];
  }
  const all = [step, ...joinedSteps(step, steps)];
  const more = all.slice(1).map((each) => `also step ${each.position}: ${each.title}`);
  const guards = statement.guards ?? [];
  return [
    ...head,
    ...remarks([...more, ...facts(statement, forecast)]),
    ...all.map(before),
    ...guards.map((guard) => countLine(guard, position, "before")),
    ...sent(statement),
    ...all.map(after),
    ...guards.flatMap((guard) => [countLine(guard, position, "after"), ...undoRemarks(guard)]),
  ];
}

// --- internal ---

function facts({ effect, fill, online }: Statement, { blocked, how, reads, seconds }: Forecast): string[] {
  const size = reads === undefined ? "" : `; ${reads.table} has about ${reads.rows} rows`;
  return [
    ...(online === undefined && fill === undefined ? [`how: ${how}`] : []),
    `takes: ${seconds === undefined ? "unknown" : duration(seconds)}${size}`,
    ...(fill === undefined
      ? [`blocks: ${blocked}`]
      : ["blocks: sessions that change the rows that it reads, until it ends"]),
    ...(effect === undefined ? [] : [effect]),
  ];
}

/** Rows of one run of a fill: they stay locked until it ends. */
const BATCH = 1_000;

function sent(statement: Statement): string[] {
  const { fill, session, sql } = statement;
  const lines = fill === undefined ? whole(sql) : [...remarks([repeatFill]), ...whole(batch(sql, fill))];
  return withSession(session, lines.join("\n"));
}

function batch(sql: string, { key }: Fill): string {
  return `${sql} ORDER BY ${key.map(id).join(", ")} LIMIT ${BATCH}`;
}

function before(step: DueStep): string {
  const { position, facts: then, step: own } = step;
  return check(`before step ${position}`, `(${probe(own, then)}) = 0`, "it is done already: leave its statement out");
}

function after(step: DueStep): string {
  const { position, facts: then, step: own } = step;
  return check(`after step ${position}`, `(${probe(own, then)}) <> 0`, missing(own, { state: "absent" }).join(", "));
}

function countLine({ counts, sql }: Guard, position: number, when: "before" | "after"): string {
  return check(`${when} step ${position}: rows in its way`, `(${sql}) = 0`, `there are ${counts}`);
}

/** What to do where rows came in while the statement ran. */
function undoRemarks({ fix, undo }: Guard): string[] {
  return remarks([
    "if that says STOP, undo the step, change these rows, and begin the step again:",
    ...scriptOf(undo),
    ...fix,
  ]);
}
