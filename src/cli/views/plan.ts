import { type FormatOptionsWithLanguage, format } from "sql-formatter";
import { formatDifference } from "../../catalog/difference.ts";
import type { Caller } from "../../documents/caller.ts";
import { formatHint } from "../../documents/format-hint.ts";
import { isShown } from "../../documents/plan.ts";
import { hint } from "../../hint.ts";
import { notVisibleIn } from "../../migrate/verify.ts";
import { type Forecast, duration } from "../../plan/forecast.ts";
import { type MigrationState, type PlannedMigration, type PlannedStep, isPending } from "../../plan/plan.ts";
import type { Plan } from "../../plan/read-plan.ts";
import { plural } from "../../plural.ts";
import type { Statement } from "../../steps/contract.ts";
import type { Paint } from "../output.ts";
import { asFarAsSeen, blockedIn, driftedIn } from "./attention.ts";
import { heading } from "./heading.ts";
import { indent, paintState } from "./paint.ts";
import { repeatableBlocks } from "./plan-repeatables.ts";
import { alsoLines, presence } from "./presence.ts";
import { procedureLines } from "./procedures.ts";
import { repeatablesSummary, withoutSkipped } from "./repeatables.ts";

/** `refusal`: why an `up` would refuse now, as far as it is known. */
export function planText(plan: Plan, refusal: string | undefined, paint: Paint, caller: Caller): string {
  const shown = plan.migrations.filter(isShown);
  const more = repeatableBlocks(plan, paint);
  if (shown.length + more.length + plan.missing.length === 0)
    return `${heading(plan, paint)}\n\n${paint("green", "nothing is pending")}: every migration is applied`;
  const blocks = shown.map((each) => migrationBlock(each, plan, paint));
  return [
    heading(plan, paint),
    ...procedureLines(plan, false, caller),
    "",
    ...[...blocks, ...more].flatMap((block) => [block, ""]),
    summary(plan, refusal, caller),
  ].join("\n");
}

/** What `up` would do, in numbers. Only pending migrations are run: those that are skipped or drifted are not. */
function summary(plan: Plan, refusal: string | undefined, caller: Caller): string {
  const pending = plan.migrations.filter(isPending);
  const [blocked, drifted] = [blockedIn(plan), driftedIn(plan)];
  const more = repeatablesSummary(plan, false);
  const parts = [
    ...(pending.length === 0 ? [] : [`${plural(pending.length, "migration")} with ${countSteps(pending)}`]),
    ...(more === "" ? [] : [pending.length === 0 ? `pending: ${more}` : `then ${more}`]),
    ...(blocked === "" ? [] : [blocked]),
    ...(drifted === "" ? [] : [`drifted: ${drifted}`]),
  ];
  const command = `\`${formatHint(hint("up"), caller)}\``;
  const next = refusal === undefined ? `${command} applies this plan` : `${command} would refuse: ${refusal}`;
  const isUpUseful = refusal !== undefined || pending.length > 0 || more !== "";
  const what = parts.length === 0 ? `nothing is pending${asFarAsSeen(notVisibleIn(plan))}` : parts.join("; ");
  return `${what}${withoutSkipped(plan)}. Nothing was changed${isUpUseful ? `; ${next}` : ""}.`;
}

/** "34 steps: 21 to run, 12 that an earlier step does, 1 that needs no change" */
function countSteps(migrations: readonly PlannedMigration[]): string {
  const steps = migrations.flatMap((each) => each.steps);
  const absent = steps.filter(({ verdict }) => verdict.state === "absent").length;
  const already = steps.filter((step) => step.already).length;
  const rest = steps.length - absent - already;
  return [
    `${plural(steps.length, "step")}: ${absent} to run`,
    ...(rest === 0 ? [] : [`${rest} that an earlier step does`]),
    ...(already === 0 ? [] : [`${already} that ${already === 1 ? "needs" : "need"} no change`]),
  ].join(", ");
}

function migrationBlock({ migration, state, late, reason, steps }: PlannedMigration, plan: Plan, paint: Paint): string {
  const lateness = late ? ", late: it sorts before an applied migration and needs `up --allow-late`" : "";
  if (reason !== undefined && state === "skipped")
    return `${paint("bold", migration.name)}  ${paintState(paint, state)}\n  because: ${reason.text}`;
  const lines = [
    `${paint("bold", migration.name)}  ${paintState(paint, state)}${lateness}`,
    indent(paint("dim", migration.why), 2),
  ];
  return [...lines, ...steps.map((step) => stepBlock(step, state, plan, paint))].join("\n");
}

function stepBlock(step: PlannedStep, state: MigrationState, plan: Plan, paint: Paint): string {
  const head = `\n  ${step.number}. ${step.title}`;
  const { verdict, statement, forecast } = step;
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
  const facts = forecastRows(statement, forecast).map(
    ([label, text]) => `     ${paint("dim", label.padEnd(8))} ${text}`,
  );
  return [head, ...also, ...facts, indent(paint("cyan", display(statement, plan)), 7)].join("\n");
}

function forecastRows(
  statement: Statement,
  { how, blocked, seconds, reads }: Forecast,
): [label: string, text: string][] {
  const rows: [string, string][] = [["how", how]];
  if (reads !== undefined) {
    const estimate = `about ${plural(reads.rows, "row")}, ${megabytes(reads.bytes)}`;
    rows.push(["reads", `${reads.table}: ${estimate}; ${duration(seconds)} if the server reads 50 MB per second`]);
  }
  rows.push(["blocks", blocked]);
  if (statement.effect !== undefined) rows.push(["effect", statement.effect]);
  for (const { counts } of statement.guards ?? [])
    rows.push(["checks", `before and after, this count must be 0: ${counts}`]);
  return rows;
}

function megabytes(bytes: number): string {
  if (bytes > 0 && bytes < 100_000) return "less than 0.1 MB";
  return `${(bytes / 1_000_000).toLocaleString("en", { maximumFractionDigits: 1 })} MB`;
}

/** Formatted for reading only; the statement itself is sent unformatted. */
function display({ session = {}, sql }: Statement, plan: Plan): string {
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
