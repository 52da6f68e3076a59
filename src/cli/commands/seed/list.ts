import { formatHint } from "../../../documents/format-hint.ts";
import type { StoryListDocument } from "../../../documents/seed.ts";
import { hint } from "../../../hint.ts";
import { parseStory } from "../../../seed/story/parse.ts";
import { ownStoryNames } from "../../../seed/story/own-stories.ts";
import { readOwnStory } from "../../../seed/story/source.ts";
import type { LocalContext } from "../../command-context.ts";
import { columns } from "../../views/columns.ts";

const ways = [
  [hint("seed", { args: ["STORY..."] }), "inserts them"],
  [hint("seed", { options: { file: "FILE" } }), "a story of your own"],
  [hint("seed", { args: ["remove", "STORY..."] }), "deletes them"],
  [hint("seed", { args: ["generate", "N"] }), "N realistic jobs"],
] as const;

export async function run({ out }: LocalContext): Promise<number> {
  const stories: { readonly name: string; readonly title: string }[] = [];
  for (const name of ownStoryNames()) stories.push({ name, title: (await parseStory(await readOwnStory(name))).title });
  const text = [
    ...columns(stories.map(({ name, title }) => [out.paintResult("bold", name), title])),
    "",
    ...columns(ways.map(([way, what]) => [formatHint(way, out.caller), what])),
  ];
  out.result({ document: { stories } satisfies StoryListDocument, text: text.join("\n") });
  return 0;
}
