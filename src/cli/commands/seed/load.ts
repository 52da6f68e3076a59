import { seedDocument } from "../../../documents/seed.ts";
import { seed } from "../../../seed/seed.ts";
import { parseStory } from "../../../seed/story/parse.ts";
import { type StorySource, readOwnStory, readStoryFile } from "../../../seed/story/source.ts";
import type { CommandContext } from "../../command-context.ts";
import { seedOutline, seedQuestion, seedText } from "../../views/seed.ts";
import { readUses } from "./story-options.ts";
import { writingOptions } from "./writing.ts";

export async function run(context: CommandContext): Promise<number> {
  const { args, confirm, cwd, options, out, target } = context;
  const uses = readUses(options.use);
  const writing = await writingOptions(context);
  const sources = await Promise.all([...new Set(args)].map((name) => readOwnStory(name)));
  for (const file of options.file ?? []) sources.push(await readStoryFile(file, cwd));
  const result = await seed({
    ...writing,
    stories: await Promise.all(eachOnce(sources).map(parseStory)),
    uses,
    async confirm(server, plan) {
      const place = { server, catalog: target };
      await confirm(seedQuestion(place, plan), seedOutline(place, plan, out.paintNote));
    },
  });
  out.result({ document: seedDocument(result), text: seedText(result, out.paintResult, out.caller) });
  return 0;
}

/** A file is one story, however often it was given. */
function eachOnce(sources: readonly StorySource[]): StorySource[] {
  return [...new Map(sources.map((source) => [source.origin, source])).values()];
}
