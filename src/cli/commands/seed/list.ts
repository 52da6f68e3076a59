import type { StoryListDocument } from "../../../documents/seed.ts";
import { parseStory } from "../../../seed/story/parse.ts";
import { ownStoryNames, readOwnStory } from "../../../seed/story/source.ts";
import type { LocalContext } from "../../command-context.ts";
import { columns } from "../../views/columns.ts";

export async function run({ out }: LocalContext): Promise<number> {
  const stories: { readonly name: string; readonly title: string }[] = [];
  for (const name of ownStoryNames()) stories.push({ name, title: (await parseStory(await readOwnStory(name))).title });
  const text = [
    ...columns(stories.map(({ name, title }) => [out.paintResult("bold", name), title])),
    "",
    "ispyb-migrate seed STORY...         inserts them",
    "ispyb-migrate seed --file FILE      a story of your own",
    "ispyb-migrate seed remove STORY...  deletes them",
    "ispyb-migrate seed generate N       N realistic jobs",
  ];
  out.result({ document: { stories } satisfies StoryListDocument, text: text.join("\n") });
  return 0;
}
