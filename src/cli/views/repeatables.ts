/** Procedures, rows of SchemaStatus and privileges, as `status` and `plan` show them. */
import { createTwoFilesPatch } from "diff";
import type { Survey } from "../../migrate/survey.ts";
import { differencesOf } from "../../migrate/repeat/preflight.ts";
import {
  type RepeatKind,
  type RepeatState,
  type SurveyedRepeatable,
  isRepeatOwed,
  repeatKinds,
} from "../../migrate/repeat/repeatable.ts";
import type { Paint } from "../output.ts";
import { indent, paintState, plural } from "./paint.ts";

/** A row for each kind where all is well, and one for each that is not. */
export function repeatableRows({ repeatables }: Survey, paint: Paint): string[][] {
  return repeatKinds.flatMap((kind) => {
    const own = repeatables.filter((each) => each.kind === kind);
    if (own.length === 0) return [];
    const groups = Map.groupBy(own, ({ state }) => state);
    const [state] = groups.keys();
    const applied = (groups.get("applied")?.length ?? 0) + (groups.get("found")?.length ?? 0);
    const count = `${applied}/${own.length}`;
    if (groups.size === 1 && state !== undefined) return [[kind, paintState(paint, state), count, "", ""]];
    const odd = own.filter((each) => each.state !== "applied");
    const few =
      odd.length <= 5 ? odd.map(({ name, state: is }) => [`  ${name}`, paintState(paint, is), "", "", ""]) : [];
    return [[kind, [...groups.keys()].map((each) => paintState(paint, each)).join(", "), count, "", ""], ...few];
  });
}

export function repeatablesJson({ repeatables }: Survey) {
  return repeatables.map(({ name, state, reason, entry, live }) => ({
    name,
    state,
    ...(reason === undefined ? {} : { reason }),
    recorded: entry === undefined ? null : { as: entry.state, at: entry.finishedAt, by: entry.account },
    differences: "differences" in live ? live.differences : [],
  }));
}

/** What is owed of them, with the difference between what is there and what is wanted. */
export function repeatableBlocks({ repeatables }: Survey, paint: Paint): string[] {
  return repeatKinds.flatMap((kind) => {
    const own = repeatables.filter((each) => each.kind === kind && isShown(each));
    const groups = [...Map.groupBy(own, ({ state }) => state)];
    return groups.map(([state, list]) => {
      const head = `${paint("bold", kind)}  ${paintState(paint, state)}`;
      return [head, ...list.flatMap((each) => body(each, paint)).map((line) => indent(line, 2))].join("\n");
    });
  });
}

export function repeatablesPlanJson({ repeatables }: Survey) {
  return repeatables.filter(isShown).map((each) => ({
    name: each.name,
    state: each.state,
    differences: differencesOf(each),
    sql: "change" in each.live ? each.live.change.statements.map(({ sql }) => sql) : [],
  }));
}

/** "21 procedures, 3 rows of SchemaStatus" */
export function repeatablesSummary({ repeatables }: Survey): string {
  return repeatKinds
    .flatMap((kind) => {
      const owed = repeatables.filter((each) => each.kind === kind && isRepeatOwed(each, true)).length;
      return owed === 0 ? [] : [countOf(kind, owed)];
    })
    .join(", ");
}

/** The same for names of what was done. */
export function countKinds(names: readonly string[]): string[] {
  return repeatKinds.flatMap((kind) => {
    const count = names.filter((name) => name.startsWith(`${kind}/`)).length;
    return count === 0 ? [] : [countOf(kind, count)];
  });
}

// --- internal ---

function countOf(kind: RepeatKind, count: number): string {
  if (kind === "SchemaStatus") return `${count} ${count === 1 ? "row" : "rows"} of SchemaStatus`;
  return plural(count, kind === "procedures" ? "procedure" : "role");
}

const shown: readonly RepeatState[] = ["pending", "found", "drift", "impossible", "hidden", "skipped"];

function isShown({ state }: SurveyedRepeatable): boolean {
  return shown.includes(state);
}

function body(each: SurveyedRepeatable, paint: Paint): string[] {
  const { kind, live, reason, title } = each;
  if (reason !== undefined) return [`${title}, because: ${reason}`];
  if (live.state === "hidden") return [`${live.found}; ${live.next}`];
  if (live.state === "impossible") return [`${title} ${live.found}`];
  if (live.state === "present") return [`${title}: already there`];
  const { from, to } = live.change.shown;
  if (from === "")
    return [kind === "procedures" ? `${title}: new, as in migrations/${each.name}.sql` : paint("cyan", to)];
  const patch = createTwoFilesPatch("there", "wanted", `${from}\n`, `${to}\n`, "", "", { context: 2 });
  return [
    title,
    ...differencesOf(each),
    ...patch
      .split("\n")
      .slice(1)
      .filter((line) => line !== "")
      .map((line) => coloured(line, paint)),
  ];
}

function coloured(line: string, paint: Paint): string {
  if (line.startsWith("+")) return paint("green", line);
  return line.startsWith("-") ? paint("red", line) : paint("dim", line);
}
