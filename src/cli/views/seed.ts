import type { Caller } from "../../documents/caller.ts";
import { formatHint } from "../../documents/format-hint.ts";
import { hint } from "../../hint.ts";
import { plural } from "../../plural.ts";
import type { RemoveResult, RemovedStory } from "../../seed/remove.ts";
import type { Counts, StoryOutcome, StoryPlan } from "../../seed/rows/apply.ts";
import type { SeedResult } from "../../seed/seed.ts";
import type { Paint } from "../output.ts";
import { columns } from "./columns.ts";
import { heading } from "./heading.ts";

type Place = Parameters<typeof heading>[0];

/** What would be written: read before the question is answered. */
export function seedOutline(place: Place, plan: readonly StoryPlan[], paint: Paint): string {
  const lines = columns(plan.map((story) => [paint("bold", story.story), formatCounts(story, toDo)]));
  return [heading(place, paint), "", ...lines, ...movedLines(plan, paint), ...leftOutLines(plan, paint), ""].join("\n");
}

export function seedQuestion(place: Place, plan: readonly StoryPlan[]): string {
  return `Write ${plan.map(({ story }) => story).join(", ")} into ${formatDatabase(place)}?`;
}

export function removeQuestion(place: Place, plan: readonly RemovedStory[]): string {
  const rows = plan.reduce((sum, { removed }) => sum + removed, 0);
  return `Remove ${plural(rows, "row")} of ${plan.map(({ story }) => story).join(", ")} from ${formatDatabase(place)}?`;
}

export function seedText({ database, server, stories }: SeedResult, paint: Paint, caller: Caller): string {
  const jobs = stories.flatMap(({ rows }) => rows.filter(({ table }) => table === "ProcessingJob"));
  return [
    heading({ server, catalog: { database } }, paint),
    ...stories.flatMap((story) => storyLines(story, paint)),
    ...movedLines(stories, paint),
    ...leftOutLines(stories, paint),
    ...(jobs[0] === undefined ? [] : ["", formatHint(hint("show", { args: [`${jobs[0].id}`] }), caller)]),
  ].join("\n");
}

export function removedText({ database, server, stories }: RemoveResult, paint: Paint): string {
  const lines = stories.map(({ story, removed }) => [paint("bold", story), `${plural(removed, "row")} removed`]);
  return [heading({ server, catalog: { database } }, paint), "", ...columns(lines)].join("\n");
}

// --- internal ---

function formatDatabase({ server, catalog }: Place): string {
  return `${catalog.database} on ${server.dialect.product}`;
}

const toDo = { inserted: "to insert", updated: "to update", removed: "to delete" };
const done: typeof toDo = { inserted: "inserted", updated: "updated", removed: "deleted" };

function formatCounts({ kept, ...counts }: Counts, words: typeof toDo): string {
  const parts = (["inserted", "updated", "removed"] as const).flatMap((name) =>
    counts[name] === 0 ? [] : [`${plural(counts[name], "row")} ${words[name]}`],
  );
  return parts.length === 0
    ? `nothing to do: the story has not changed since it was seeded (${plural(kept, "row")})`
    : parts.join(", ");
}

/** The rows that the story names itself. */
function storyLines(story: StoryOutcome, paint: Paint): string[] {
  const rows = story.rows.filter(({ label }) => !label.includes(" "));
  return [
    "",
    `${paint("bold", story.story)}  ${formatCounts(story, done)}; time of the story: ${story.at} by the server's clock`,
    ...columns(rows.map(({ label, table, id }) => ["", label, paint("dim", table), String(id)])),
  ];
}

function movedLines(stories: readonly StoryPlan[], paint: Paint): string[] {
  return stories.flatMap(({ movedFrom, story }) =>
    movedFrom === undefined
      ? []
      : [
          `${paint("cyan", "noted")}  an earlier run wrote the rows of ${story}, from ${movedFrom}; they belong to this file now`,
        ],
  );
}

function leftOutLines(stories: readonly { readonly leftOut: readonly string[] }[], paint: Paint): string[] {
  const columnsLeft = [...new Set(stories.flatMap(({ leftOut }) => leftOut))];
  return columnsLeft.length === 0
    ? []
    : [
        "",
        `${paint("cyan", "noted")}  left out, because this database does not have these columns: ${columnsLeft.join(", ")}`,
      ];
}
