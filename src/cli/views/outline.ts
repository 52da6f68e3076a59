import type { Caller } from "../../documents/caller.ts";
import { formatHint } from "../../documents/format-hint.ts";
import { hint } from "../../hint.ts";
import { type PlannedStep, isDue } from "../../plan/plan.ts";
import type { Plan } from "../../plan/read-plan.ts";
import { plural } from "../../plural.ts";
import { scriptOf } from "../../steps/script-of-statement.ts";
import type { Paint } from "../output.ts";
import { heading } from "./heading.ts";
import { repeatablesSummary } from "./repeatables.ts";

/** The plan on one screen, read before the question is answered; `plan` shows the SQL. */
export function outlineText(plan: Plan, repair: boolean, paint: Paint, caller: Caller): string {
  const lines = [heading(plan, paint), ""];
  for (const { migration, steps } of plan.migrations.filter((each) => isDue(each, repair))) {
    lines.push(paint("bold", migration.name), ...steps.flatMap((step) => stepLines(step, paint)));
  }
  const more = repeatablesSummary(plan);
  if (more !== "")
    lines.push(paint("bold", "then"), `  ${more}; \`${formatHint(hint("plan"), caller)}\` shows what changes in them`);
  return [...lines, ""].join("\n");
}

function stepLines({ number, title, verdict, forecast, madeWith, already }: PlannedStep, paint: Paint) {
  if (verdict.state === "conflict") {
    // Only conflicts that an addition can repair come as far as the question.
    const additions = verdict.conflicts.flatMap(({ add }) => (add === undefined ? [] : scriptOf(add)));
    return [`  ${number}. repair: ${title}`, ...additions.map((line) => paint("dim", `     ${line}`))];
  }
  if (forecast === undefined) {
    const there = already ? "already there" : "no change: an earlier step of this run already does it";
    const how =
      madeWith === undefined ? there : `in the same statement as ${madeWith.migration} step ${madeWith.number}`;
    return [`  ${number}. ${title}: ${how}`];
  }
  return [`  ${number}. ${title}`, paint("dim", `     ${forecast.algorithm}; blocks ${forecast.blocked}`)];
}

export function question(plan: Plan, repair: boolean): string {
  const due = plan.migrations.filter((each) => isDue(each, repair));
  const more = repeatablesSummary(plan);
  const what = [...(due.length === 0 ? [] : [plural(due.length, "migration")]), ...(more === "" ? [] : [more])];
  return `Apply ${what.join(", ") || "--skip or --unskip"} to ${plan.catalog.database} on ${plan.server.dialect.product}?`;
}
