import { type FormatOptionsWithLanguage, format } from "sql-formatter";
import { formatDifference } from "../../catalog/difference.ts";
import type { Caller } from "../../documents/caller.ts";
import { formatHint } from "../../documents/format-hint.ts";
import { isShown } from "../../documents/plan.ts";
import { notVisibleIn } from "../../migrate/verify.ts";
import type { Forecast } from "../../plan/forecast.ts";
import { LARGE, sizeOfWork } from "../../plan/predict.ts";
import { duration, formatBasis } from "../../plan/prediction-words.ts";
import { type MigrationState, type PlannedMigration, type PlannedStep, isDue } from "../../plan/plan.ts";
import type { Plan } from "../../plan/read-plan.ts";
import { type UpRequest, upCommand } from "../../plan/up-command.ts";
import { plural } from "../../plural.ts";
import type { Statement } from "../../steps/contract.ts";
import type { Paint } from "../output.ts";
import { asFarAsSeen, blockedIn, driftedIn } from "./attention.ts";
import { heading } from "./heading.ts";
import { skipLine } from "./outline.ts";
import { indent, paintState } from "./paint.ts";
import { repeatableBlocks } from "./plan-repeatables.ts";
import { alsoLines, presence } from "./presence.ts";
import { procedureLines } from "./procedures.ts";
import { repeatablesSummary, withoutSkipped } from "./repeatables.ts";

/** `refusal`: why this `up` would refuse now, as far as it is known. */
export function planText(
  plan: Plan,
  request: UpRequest,
  refusal: string | undefined,
  paint: Paint,
  caller: Caller,
): string {
  const shown = plan.migrations.filter(isShown);
  const more = repeatableBlocks(plan, paint);
  const { skip } = request;
  if (shown.length + more.length + plan.missing.length === 0 && skip === undefined)
    return `${heading(plan, paint)}\n\n${paint("green", "nothing is pending")}: every migration is applied`;
  const blocks = shown.map((each) => migrationBlock(each, plan, request, paint));
  return [
    heading(plan, paint),
    ...procedureLines(plan, request, caller),
    ...(skip === undefined ? [] : [skipLine(skip)]),
    "",
    ...[...blocks, ...more].flatMap((block) => [block, ""]),
    summary(plan, request, refusal, caller),
  ].join("\n");
}

/** What this `up` would do, in numbers. Migrations that are skipped, or drifted without --repair, are not run. */
function summary(plan: Plan, request: UpRequest, refusal: string | undefined, caller: Caller): string {
  const { repair, skip } = request;
  const due = plan.migrations.filter((each) => isDue(each, repair));
  const [blocked, drifted] = [blockedIn(plan), repair ? "" : driftedIn(plan)];
  const more = repeatablesSummary(plan, repair);
  const parts = [
    ...(due.length === 0 ? [] : [`${plural(due.length, "migration")} with ${countSteps(due)}`]),
    ...(more === "" ? [] : [due.length === 0 ? `pending: ${more}` : `then ${more}`]),
    ...(blocked === "" ? [] : [blocked]),
    ...(drifted === "" ? [] : [`drifted: ${drifted}`]),
  ];
  const command = `\`${formatHint(upCommand(request), caller)}\``;
  const next = refusal === undefined ? `${command} applies this plan` : `${command} would refuse: ${refusal}`;
  const isUpUseful = refusal !== undefined || due.length > 0 || more !== "" || skip !== undefined;
  const what = parts.length === 0 ? `nothing is pending${asFarAsSeen(notVisibleIn(plan))}` : parts.join("; ");
  return `${what}${withoutSkipped(plan)}. Nothing was changed${isUpUseful ? `; ${next}` : ""}.`;
}

/** "34 steps: 21 to run, 12 that an earlier step does, 1 that needs no change" */
function countSteps(migrations: readonly PlannedMigration[]): string {
  const steps = migrations.flatMap((each) => each.steps);
  const run = steps.filter(({ repairs, verdict }) => verdict.state === "absent" || repairs !== undefined).length;
  const already = steps.filter((step) => step.already).length;
  const rest = steps.length - run - already;
  return [
    `${plural(steps.length, "step")}: ${run} to run`,
    ...(rest === 0 ? [] : [`${rest} that an earlier step does`]),
    ...(already === 0 ? [] : [`${already} that ${already === 1 ? "needs" : "need"} no change`]),
  ].join(", ");
}

function migrationBlock(planned: PlannedMigration, plan: Plan, request: UpRequest, paint: Paint): string {
  const { migration, state, reason, steps } = planned;
  if (reason !== undefined && state === "skipped")
    return `${paint("bold", migration.name)}  ${paintState(paint, state)}\n  because: ${reason.text}`;
  const lines = [
    `${paint("bold", migration.name)}  ${paintState(paint, state)}${lateness(planned, request)}`,
    indent(paint("dim", migration.why), 2),
  ];
  return [...lines, ...steps.map((step) => stepBlock(step, state, plan, request, paint))].join("\n");
}

function lateness({ late, migration }: PlannedMigration, { allowLate, skip }: UpRequest): string {
  if (!late) return "";
  const isAllowed = allowLate || skip?.names.includes(migration.name) === true;
  return `, late: it sorts before an applied migration${isAllowed ? "" : " and needs `up --allow-late`"}`;
}

function stepBlock(step: PlannedStep, state: MigrationState, plan: Plan, request: UpRequest, paint: Paint): string {
  const head = `\n  ${step.number}. ${step.title}`;
  const { verdict, statement, forecast, repairs } = step;
  if (request.repair && repairs !== undefined) {
    const lines = repairs.flatMap(({ object, add, forecast: of }) => [
      `     repair: ${object}`,
      statementLines(add, of, plan, paint),
    ]);
    return [head, ...lines].join("\n");
  }
  if (verdict.state === "conflict") {
    const label = paint("red", state === "drift" ? "drift" : "conflict");
    const lines = verdict.conflicts.map((each) => `${label}  ${formatDifference(each.difference)}`);
    return [head, ...lines.map((line) => indent(line, 5))].join("\n");
  }
  if (verdict.state === "present") {
    const notices = verdict.notices.map((each) => indent(formatDifference(each), 5));
    return [`${head}  ${paint("cyan", presence(step))}`, ...notices].join("\n");
  }
  if (step.madeWith !== undefined)
    return `${head}\n     in the same statement as ${step.madeWith.migration} step ${step.madeWith.number}`;
  if (statement === undefined || forecast === undefined) return head;
  const also = alsoLines(step, plan).map((line) => indent(line, 5));
  return [head, ...also, statementLines(statement, forecast, plan, paint)].join("\n");
}

/** A statement, with what it means for others. */
export function statementLines(
  statement: Statement,
  forecast: Forecast,
  plan: Pick<Plan, "server">,
  paint: Paint,
): string {
  const facts = forecastRows(statement, forecast).map(
    ([label, text]) => `     ${paint("dim", label.padEnd(8))} ${text}`,
  );
  return [...facts, indent(paint("cyan", display(statement, plan)), 7)].join("\n");
}

function forecastRows(statement: Statement, forecast: Forecast): [label: string, text: string][] {
  const { how, blocked, reads } = forecast;
  const rows: [string, string][] = [["how", how]];
  if (reads !== undefined) {
    const estimate = `about ${plural(reads.rows, "row")}, ${megabytes(reads.bytes)}`;
    rows.push(["reads", [`${reads.table}: ${estimate}`, ...howLong(statement, forecast)].join("; ")]);
  }
  rows.push(["blocks", blocked]);
  if (statement.effect !== undefined) rows.push(["effect", statement.effect]);
  for (const { counts } of statement.guards ?? [])
    rows.push(["checks", `before and after, this count must be 0: ${counts}`]);
  return rows;
}

/** Nothing of a small table of which nothing is known. */
function howLong(statement: Statement, { basis, reads, seconds, unknown }: Forecast): string[] {
  if (reads === undefined) return [];
  if (basis !== undefined && seconds !== undefined)
    return [`${duration(seconds)}, ${formatBasis(basis, sizeOfWork(statement, reads))}`];
  return unknown === undefined || reads.rows < LARGE ? [] : [`unknown how long: ${unknown}`];
}

function megabytes(bytes: number): string {
  if (bytes > 0 && bytes < 100_000) return "less than 0.1 MB";
  return `${(bytes / 1_000_000).toLocaleString("en", { maximumFractionDigits: 1 })} MB`;
}

/** Formatted for reading only; the statement itself is sent unformatted. */
function display({ session = {}, sql }: Statement, plan: Pick<Plan, "server">): string {
  const language = plan.server.dialect.names.sqlLanguage;
  const settings = Object.entries(session).map(([name, value]) => `SET SESSION ${name} = ${value};\n`);
  return `${settings.join("")}${formatted(sql, language)};`;
}

/** As it is written where the formatter does not know the statement: a facility's may be of any kind. */
function formatted(sql: string, language: NonNullable<FormatOptionsWithLanguage["language"]>): string {
  if (/^\s*CREATE\b[^(]*\b(?:PROCEDURE|FUNCTION|TRIGGER|EVENT)\b/i.test(sql)) return sql;
  try {
    return format(sql, { language, keywordCase: "preserve", tabWidth: 2 });
  } catch {
    return sql;
  }
}
