import { format } from "sql-formatter";
import { formatDifference } from "../../catalog/difference.ts";
import type { Caller } from "../../documents/caller.ts";
import { formatHint } from "../../documents/format-hint.ts";
import { isShown } from "../../documents/plan.ts";
import { hint } from "../../hint.ts";
import type { Forecast } from "../../plan/forecast.ts";
import { type PlannedMigration, type PlannedStep, needsAttention } from "../../plan/plan.ts";
import type { Plan } from "../../plan/read-plan.ts";
import { plural } from "../../plural.ts";
import type { Statement } from "../../steps/contract.ts";
import type { Paint } from "../output.ts";
import { heading } from "./heading.ts";
import { indent, paintState } from "./paint.ts";
import { repeatableBlocks } from "./plan-repeatables.ts";
import { repeatablesSummary } from "./repeatables.ts";

export function planText(plan: Plan, paint: Paint, caller: Caller): string {
  const shown = plan.migrations.filter(isShown);
  const more = repeatableBlocks(plan, paint);
  if (shown.length + more.length === 0)
    return `${heading(plan, paint)}\n\n${paint("green", "nothing is pending")}: every migration is applied`;
  const blocks = shown.map((each) => migrationBlock(each, plan, paint));
  return [
    heading(plan, paint),
    "",
    ...[...blocks, ...more].flatMap((block) => [block, ""]),
    summary(shown, plan, caller),
  ].join("\n");
}

function summary(shown: readonly PlannedMigration[], all: Plan, caller: Caller): string {
  const steps = shown.flatMap((each) => each.steps);
  const absent = steps.filter((step) => step.verdict.state === "absent").length;
  const presentCount = steps.filter((step) => step.already).length;
  const there = presentCount === 0 ? "" : `, ${plural(presentCount, "step")} already there and will only be recorded`;
  const next = `\`${formatHint(hint("up"), caller)}\` ${shown.some(needsAttention) ? "would refuse and say why" : "applies this plan"}`;
  const more = repeatablesSummary(all);
  const migrations = `${plural(shown.length, "migration")}: ${plural(absent, "step")} to run${there}`;
  const parts = [...(shown.length === 0 ? [] : [migrations]), ...(more === "" ? [] : [more])];
  return `${parts.join("; then ")}. Nothing was changed; ${next}.`;
}

function migrationBlock({ migration, state, late, reason, steps }: PlannedMigration, plan: Plan, paint: Paint): string {
  const lateness = late ? ", late: it sorts before an applied migration and needs `up --allow-late`" : "";
  if (reason !== undefined && state === "skipped")
    return `${paint("bold", migration.name)}  ${paintState(paint, state)}\n  because: ${reason.text}`;
  const lines = [
    `${paint("bold", migration.name)}  ${paintState(paint, state)}${lateness}`,
    indent(paint("dim", migration.why), 2),
  ];
  return [...lines, ...steps.map((step) => stepBlock(step, plan, paint))].join("\n");
}

function stepBlock(step: PlannedStep, plan: Plan, paint: Paint): string {
  const head = `\n  ${step.number}. ${step.title}`;
  const { verdict, statement, forecast } = step;
  if (verdict.state === "conflict") {
    const lines = verdict.conflicts.map((each) => `${paint("red", "conflict")}  ${formatDifference(each.difference)}`);
    return [head, ...lines.map((line) => indent(line, 5))].join("\n");
  }
  if (verdict.state === "present") {
    const notices = verdict.notices.map((each) => indent(formatDifference(each), 5));
    const there = step.already ? "already there" : "no change: an earlier step of this run already does it";
    return [`${head}  ${paint("cyan", there)}`, ...notices].join("\n");
  }
  if (step.madeWith !== undefined)
    return `${head}\n     in the same statement as ${step.madeWith.migration} step ${step.madeWith.number}`;
  if (statement === undefined || forecast === undefined) return head;
  const facts = forecastRows(statement, forecast).map(
    ([label, text]) => `     ${paint("dim", label.padEnd(8))} ${text}`,
  );
  return [head, ...facts, indent(paint("cyan", display(statement, plan)), 7)].join("\n");
}

function forecastRows(
  statement: Statement,
  { how, blocked, seconds, reads }: Forecast,
): [label: string, text: string][] {
  const rows: [string, string][] = [["how", how]];
  if (reads !== undefined) {
    const estimate = `about ${reads.rows.toLocaleString("en")} rows, ${megabytes(reads.bytes)}`;
    rows.push(["reads", `${reads.table}: ${estimate}; about ${seconds} s if the server reads 50 MB per second`]);
  }
  rows.push(["blocks", blocked]);
  if (statement.effect !== undefined) rows.push(["effect", statement.effect]);
  if (statement.guard !== undefined)
    rows.push(["checks", `before and after, this count must be 0: ${statement.guard.counts}`]);
  return rows;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toLocaleString("en", { maximumFractionDigits: 1 })} MB`;
}

/** Formatted for reading only; the statement itself is sent unformatted. */
function display({ session = {}, sql }: Statement, plan: Plan): string {
  const language = plan.server.dialect.names.sqlLanguage;
  const settings = Object.entries(session).map(([name, value]) => `SET SESSION ${name} = ${value};\n`);
  return `${settings.join("")}${format(sql, { language, keywordCase: "preserve", tabWidth: 2 })};`;
}
