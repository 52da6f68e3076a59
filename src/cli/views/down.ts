import type { Caller } from "../../documents/caller.ts";
import { formatHint } from "../../documents/format-hint.ts";
import { hint } from "../../hint.ts";
import type { DownResult } from "../../migrate/down/down.ts";
import type { DownPlan } from "../../plan/down-plan.ts";
import type { DownStep } from "../../plan/down-step.ts";
import { forAMoment } from "../../plan/forecast.ts";
import { formatWaits, whoWaits } from "../../plan/who-waits.ts";
import { counted, listed, plural } from "../../plural.ts";
import { kindOf } from "../../state/repeatable-names.ts";
import { runTables, seedTable } from "../../state/tables.ts";
import type { Statement, Undo } from "../../steps/contract.ts";
import { shortenStatement } from "../../shorten-statement.ts";
import type { Paint } from "../output.ts";
import { heading } from "./heading.ts";
import { indent } from "./paint.ts";
import { countKinds } from "./repeatables.ts";

/** What is undone, what is lost and what remains: to be read before the question is answered. */
export function downOutline(plan: DownPlan, saveTo: string, paint: Paint, caller: Caller): string {
  const isAnythingToUndo = plan.migrations.length + plan.repeatables.length > 0;
  const lines = [heading(plan, paint), ...(isAnythingToUndo ? ["", "to undo, in this order:", ""] : [])];
  if (plan.repeatables.length > 0) lines.push(...repeatableLines(plan, paint));
  for (const { name, steps } of plan.migrations) {
    lines.push(paint("bold", name), ...steps.flatMap((step) => stepLines(step, plan, paint)));
  }
  if (lossesOf(plan).length > 0)
    lines.push("", `rows and values that would be lost are saved first, to a file in ${saveTo}`);
  lines.push(...elsewhereLines(plan, paint));
  if (plan.everything)
    lines.push(
      "",
      `The tables of this tool are dropped with all their rows: ${runTables.join(", ")}, and ${seedTable} if it exists`,
    );
  if (plan.everything && plan.seeded.length > 0) lines.push(...seededLines(plan.seeded, caller));
  return [...lines, ""].join("\n");
}

/** What the facility has built on it: it stays, and no longer works. */
export function elsewhereLines({ mentions, notVisible }: DownPlan, paint: Paint): string[] {
  return [
    ...(mentions.length === 0
      ? []
      : ["", "these objects stay, but they mention objects that are dropped or changed; they may fail afterwards:"]),
    ...mentions.map((mention) => `  ${paint("yellow", mention)}`),
    ...(notVisible.length === 0 ? [] : ["", "not visible to this account:"]),
    ...notVisible.flatMap(({ problem, next }) => [`  ${problem}`, indent(next, 5)]),
  ];
}

export function seededLines(stories: readonly string[], caller: Caller): string[] {
  return [
    "",
    `the record of the seeded stories ${stories.join(", ")} is dropped, but their samples, sessions and data collections remain`,
    `to delete these rows, too, run this before \`down\`: ${formatHint(hint("seed", { args: ["remove", ...stories] }), caller)}`,
  ];
}

export function downQuestion(plan: DownPlan, saveTo: string): string {
  const losing = lossesOf(plan).length === 0 ? "" : `${countLost(plan)} will be saved to ${saveTo}, then deleted. `;
  const place = `${plan.catalog.database} on ${plan.server.dialect.product}`;
  const undoing = undoneKinds(plan, plan.migrations.length);
  if (undoing === "") return `Drop the tables of this tool in ${place}?`;
  return `${losing}Undo ${undoing} of ${place}?`;
}

export function downText(result: DownResult, paint: Paint): string {
  const { plan, saved, droppedTables } = result;
  const noted = (text: string) => `${paint("cyan", "noted")}  ${text}`;
  const adopted = stepsOf(plan).filter(({ made }) => made === "adopted").length;
  return [
    heading(plan, paint),
    "",
    outcome(result, paint),
    ...(saved === undefined
      ? []
      : [`${paint("cyan", "saved")}  the rows and values that were deleted are in ${saved}`]),
    ...[...plan.repeatables, ...stepsOf(plan).map(({ title, undo }) => ({ title, remains: undo?.remains }))].flatMap(
      ({ title, remains }) => (remains === undefined ? [] : [noted(`${title}: ${remains}`)]),
    ),
    ...(adopted === 0
      ? []
      : [
          noted(
            `${plural(adopted, "step")} had nothing to undo: only ${adopted === 1 ? "its journal entry was" : "their journal entries were"} deleted`,
          ),
        ]),
    ...(droppedTables.length === 0 ? [] : [noted(`dropped the tables of this tool: ${droppedTables.join(", ")}`)]),
  ].join("\n");
}

// --- internal ---

/** The first line of the result: what was done. Without migrations, repeatables or the tool's own tables may be all. */
function outcome({ plan, undone, droppedTables }: DownResult, paint: Paint): string {
  if (undone.length + plan.repeatables.length + droppedTables.length === 0) {
    return `${paint("green", "nothing to do")}: none of these migrations is recorded; nothing was changed`;
  }
  const what = undoneKinds(plan, undone.length);
  return `${paint("green", "done")}: ${what === "" ? "there was no migration to undo" : `${what} undone`}`;
}

/** "2 migrations"; "1 procedure, privileges of 1 role" where no migration is recorded; empty if nothing was created by this tool. */
function undoneKinds({ repeatables }: DownPlan, migrations: number): string {
  if (migrations > 0) return plural(migrations, "migration");
  return countKinds(repeatables.filter(({ made }) => made === "done").map(({ name }) => name)).join(", ");
}

export function stepsOf({ migrations }: DownPlan): readonly DownStep[] {
  return migrations.flatMap(({ steps }) => steps);
}

function repeatableLines({ repeatables }: DownPlan, paint: Paint): string[] {
  const created = repeatables.filter(({ made }) => made === "done");
  const restored = created.filter(({ statements }) => statements.some(({ sql }) => sql.startsWith("CREATE")));
  return [
    paint("bold", "procedures, rows of SchemaStatus and privileges"),
    ...(created.length === 0 ? [] : [`  ${countKinds(created.map(({ name }) => name)).join(", ")}`]),
    ...fewNamed(created),
    ...(restored.length === 0
      ? []
      : [
          `  ${restored.length} of these ${restored.length === 1 ? "gets its" : "get their"} earlier form back: ${restored.map(({ title }) => title).join(", ")}`,
        ]),
    ...created.flatMap(({ remains, title }) => (remains === undefined ? [] : [`  ${title}: ${remains}`])),
    ...staying(repeatables.filter(({ made }) => made !== "done")),
  ];
}

/** About repeatables of which only the record is deleted. */
function staying(kept: DownPlan["repeatables"]): string[] {
  const names = countKinds(kept.map(({ name }) => name)).join(", ");
  if (kept.length === 0) return [];
  return kept.length === 1
    ? [`  this stays, because it was there before \`up\` or is skipped: ${names}; only its journal entry is deleted`]
    : [
        `  these stay, because they were there before \`up\` or are skipped: ${names}; only their journal entries are deleted`,
      ];
}

/** Which procedures and roles, where they are few. */
function fewNamed(taken: DownPlan["repeatables"]): string[] {
  const named = taken.filter(({ name }) => kindOf(name) !== "SchemaStatus");
  return named.length === 0 || named.length > MOST_NAMED ? [] : [`  ${named.map(({ title }) => title).join(", ")}`];
}

const MOST_NAMED = 5;

/** "181 rows and values" */
export function countLost(plan: DownPlan): string {
  const losing = stepsOf(plan).filter((step) => lossOf(step) !== undefined);
  const kinds = ["rows", "values"].filter((kind) => losing.some(({ undo }) => undo?.loss?.what.startsWith(kind)));
  return counted(
    losing.reduce((sum, { rows }) => sum + rows, 0),
    listed(kinds),
  );
}

/** "12 rows of ProcessingJob" */
export function lossOf({ rows, undo }: DownStep): string | undefined {
  return undo?.loss === undefined || rows === 0 ? undefined : counted(rows, undo.loss.what);
}

function lossesOf(plan: DownPlan): string[] {
  return stepsOf(plan).flatMap((step) => lossOf(step) ?? []);
}

/** Why there is nothing to undo; undefined if there is. */
export function withoutUndo({ made, stays = false, undo }: DownStep): string | undefined {
  if (made === "adopted") {
    const why = stays ? "it was already there: it stays" : "nothing to undo";
    return `${why}, only its journal entry is deleted`;
  }
  return undo === undefined ? "nothing to undo, because it does not exist" : undefined;
}

function stepLines(step: DownStep, plan: DownPlan, paint: Paint): string[] {
  const { number, rows, title, undo, undoneWith } = step;
  const head = `  ${number}. ${title}`;
  const without = withoutUndo(step);
  if (undo === undefined || without !== undefined) return [`${head}: ${without}`];
  const loss = lossOf(step);
  const lines = [
    undoneWith === undefined
      ? undefined
      : `in the same statement as ${undoneWith.migration} step ${undoneWith.number}, which comes later`,
    undo.statement === undefined ? undefined : paint("dim", waiting(undo, undo.statement, plan, rows > 0)),
    loss === undefined ? undefined : paint("red", `loses ${loss}`),
    undo.remains,
  ];
  return [head, ...lines.flatMap((line) => (line === undefined ? [] : [`     ${line}`]))];
}

/** Who waits for the statement, on one line; `plan --down` says for how long. */
function waiting(
  { hold }: Undo,
  statement: Statement,
  { relations, server }: Pick<DownPlan, "relations" | "server">,
  isSaving: boolean,
): string {
  const { locks, online, sql } = statement;
  const how = online?.algorithm ?? sql.split(" ", 1)[0] ?? "";
  if (server.cluster) return `${how}; every writer on every node of the cluster waits while it runs`;
  if (locks.length === 0) return `sends: ${shortenStatement(sql)}`;
  const waits = whoWaits(statement, server, relations);
  const all = formatWaits(waits);
  if (hold === "lock" && isSaving) return `${how}; blocks, until its rows are saved and changed: ${all}`;
  if (hold === "lock") return `${how}; blocks, until the table is changed: ${all}`;
  if (waits.length === 0) return `${how}; blocks sessions that change the same rows, until it ends`;
  const moment = forAMoment(waits);
  if (online?.lock !== "SHARED") return `${how}; blocks, ${moment}`;
  return `${how}; blocks writers of ${statement.reads ?? locks[0]} until its rows are changed; ${moment}`;
}
