/** The way back, statement by statement, for people. */
import type { Caller } from "../../documents/caller.ts";
import { formatHint } from "../../documents/format-hint.ts";
import type { MigrateError } from "../../errors.ts";
import type { Hint } from "../../hint.ts";
import type { DownPlan } from "../../plan/down-plan.ts";
import type { DownStep, PlannedUndo } from "../../plan/down-step.ts";
import { plural } from "../../plural.ts";
import type { DownRepeatable } from "../../repeatables/down.ts";
import { dropToolTable } from "../../state/tables.ts";
import type { Paint } from "../output.ts";
import { countLost, elsewhereLines, lossOf, seededLines, stepsOf, withoutUndo } from "./down.ts";
import { heading } from "./heading.ts";
import { indent } from "./paint.ts";
import { statementLines } from "./plan.ts";

interface Shown {
  readonly plan: DownPlan;
  readonly saveTo: string;
  /** The `down` that this is the plan of. */
  readonly retry: Hint<"down">;
  readonly isNothing: boolean;
  readonly refusal: MigrateError | undefined;
}

export function planDownText({ plan, saveTo, retry, isNothing, refusal }: Shown, paint: Paint, caller: Caller): string {
  if (isNothing)
    return `${heading(plan, paint)}\n\n${paint("green", "nothing to do")}: none of these migrations is recorded`;
  const { everything, migrations, repeatables, seeded, toolTables } = plan;
  const first = repeatables.length === 0 ? [] : [repeatablesBlock(plan, paint), ""];
  const steps = migrations.flatMap(({ name, steps: own }) => [
    paint("bold", name),
    ...own.map((step) => stepBlock(step, plan, saveTo, paint)),
    "",
  ]);
  const last = [
    ...elsewhereLines(plan, paint),
    ...(everything ? ["", "the tables of this tool, with all their rows", ...toolTables.map(dropLine(paint))] : []),
    ...(everything && seeded.length > 0 ? seededLines(seeded, caller) : []),
  ];
  const end = summary(plan, saveTo, refusal, formatHint(retry, caller));
  return [heading(plan, paint), "", ...first, ...steps, ...last.slice(1), ...(last.length === 0 ? [] : [""]), end].join(
    "\n",
  );
}

// --- internal ---

function dropLine(paint: Paint): (name: string) => string {
  return (name) => `  ${paint("cyan", `${dropToolTable(name)};`)}`;
}

function repeatablesBlock({ repeatables }: DownPlan, paint: Paint): string {
  return [
    paint("bold", "procedures, rows of SchemaStatus and privileges"),
    ...repeatables.flatMap((each) => repeatableLines(each, paint)),
  ].join("\n");
}

function repeatableLines({ made, remains, statements, title }: DownRepeatable, paint: Paint): string[] {
  if (made === "adopted") return [`  ${title}: stays, only its journal entry is deleted`];
  return [
    `  ${title}${statements.length === 0 ? ": nothing to undo, because it does not exist" : ""}`,
    ...(remains === undefined ? [] : [indent(remains, 5)]),
    ...statements.map(({ sql }) => indent(paint("cyan", `${sql};`), 7)),
  ];
}

function stepBlock(step: DownStep, plan: DownPlan, saveTo: string, paint: Paint): string {
  const { number, sent, title, undo, undoneWith } = step;
  const without = withoutUndo(step);
  if (without !== undefined) return `  ${number}. undo: ${title}: ${without}`;
  const loss = lossOf(step);
  const saving = loss === undefined ? undefined : `${loss}, to a file in ${saveTo}`;
  return [
    `\n  ${number}. undo: ${title}`,
    ...(undoneWith === undefined
      ? []
      : [`     in the same statement as ${undoneWith.migration} step ${undoneWith.number}, which comes later`]),
    ...(loss === undefined ? [] : [`     ${paint("red", `loses ${loss}`)}`]),
    ...(undo?.remains === undefined ? [] : [`     ${undo.remains}`]),
    ...sent.flatMap((each) => sentLines(each, plan, saving, paint)),
  ].join("\n");
}

function sentLines(
  { forecast, saves = false, statement, why }: PlannedUndo,
  plan: DownPlan,
  saving: string | undefined,
  paint: Paint,
): string[] {
  const row = (label: string, text: string) => `     ${paint("dim", label.padEnd(8))} ${text}`;
  return [
    ...(why === undefined ? [] : [row("why", why)]),
    statementLines(statement, forecast, plan, paint),
    ...(saves && saving !== undefined ? [row("then", `saves ${saving}`)] : []),
  ];
}

/** "2 migrations with 8 steps: 3 statements; 6 values would be saved to /saved, then deleted. Nothing was changed; …" */
function summary(plan: DownPlan, saveTo: string, refusal: MigrateError | undefined, command: string): string {
  const steps = stepsOf(plan);
  const sent = steps.flatMap((step) => step.sent).length;
  const before = plan.repeatables.flatMap(({ statements }) => statements).length;
  const losing = steps.some((step) => lossOf(step) !== undefined);
  const what = [
    `${plural(plan.migrations.length, "migration")} with ${plural(steps.length, "step")}`,
    plural(before + sent + plan.toolTables.length, "statement"),
    ...(losing ? [`with --allow-data-loss ${countLost(plan)} are saved to ${saveTo}, then deleted`] : []),
  ].join("; ");
  const next = refusal === undefined ? `\`${command}\` does this` : `\`${command}\` would refuse: ${refusal.message}`;
  return `${what}. Nothing was changed; ${next}.`;
}
