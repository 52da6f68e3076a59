/** Procedures, rows of SchemaStatus and privileges in a plan: the existing form and the wanted one. */
import { createTwoFilesPatch } from "diff";
import { isShown } from "../../documents/plan.ts";
import type { Plan } from "../../plan/read-plan.ts";
import { type PlannedRepeatable, blockedBy, differencesOf } from "../../repeatables/repeatable.ts";
import { type RepeatableKind, repeatableKinds } from "../../state/repeatable-names.ts";
import type { Paint } from "../output.ts";
import { indent, paintState } from "./paint.ts";

/** What is pending, with the difference between the existing form and the wanted one. */
export function repeatableBlocks({ repeatables }: Plan, paint: Paint): string[] {
  return repeatableKinds.flatMap((kind) => {
    const own = repeatables.filter((each) => each.kind === kind && isShown(each));
    const groups = [...Map.groupBy(own, ({ state }) => state)];
    return groups.map(([state, list]) => {
      const head = `${paint("bold", kind)}  ${paintState(paint, state)}`;
      const lines = state === "hidden" ? hiddenLines(list) : list.flatMap((each) => body(each, paint));
      return [head, ...lines.map((line) => indent(line, 2))].join("\n");
    });
  });
}

// --- internal ---

/** What happened to a repeatable that was there, and what puts it back. */
const lost = {
  procedures: {
    absent: "dropped after it was created; --repair creates it again",
    different: "changed after it was created; --repair sets it back",
  },
  SchemaStatus: {
    absent: "deleted after it was inserted; --repair inserts it again",
    different: "changed after it was inserted; --repair sets it back",
  },
  grants: {
    absent: "dropped after it got its privileges; --repair creates it again",
    different: "revoked after it was granted; --repair grants it again",
  },
} as const satisfies Record<RepeatableKind, Record<"absent" | "different", string>>;

/** Each problem once, then each statement that helps once. */
function hiddenLines(list: readonly PlannedRepeatable[]): string[] {
  const hidden = list.flatMap(({ live }) => (live.state === "hidden" ? [live] : []));
  return [...new Set([...hidden.map(({ problem }) => problem), ...hidden.map(({ next }) => next)])];
}

function body(each: PlannedRepeatable, paint: Paint): string[] {
  const { kind, live, reason, state, title } = each;
  if (reason !== undefined) return [`${title}, because: ${reason.text}`];
  if (live.state === "hidden") return [live.problem];
  if (live.state === "impossible") return [`${title} ${live.problem}`];
  if (live.state === "present") return [`${title}: already there`];
  const { from, to } = live.change.shown;
  if (from === "" && state === "drift") return [...differencesOf(each), lost[kind][live.state]];
  if (from === "")
    return [kind === "procedures" ? `${title}: new, as in migrations/${each.name}.sql` : paint("cyan", to)];
  const blocked = blockedBy(each);
  const patch = createTwoFilesPatch("there", "wanted", `${from}\n`, `${to}\n`, "", "", { context: 2 });
  return [
    title,
    ...differencesOf(each),
    ...(blocked === undefined ? [] : [`${paint("dim", "blocks")}  ${blocked}`]),
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
