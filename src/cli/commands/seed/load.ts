import { loadMigrations } from "../../../plan/load.ts";
import { seed } from "../../../seed/seed.ts";
import { parseStory } from "../../../seed/story/parse.ts";
import { readOwnStory, readStoryFile } from "../../../seed/story/source.ts";
import type { CommandContext } from "../../context.ts";
import { seedJson, seedOutline, seedQuestion, seedText } from "../../views/seed.ts";
import { readAt, readUses } from "./story-options.ts";

export async function run({
  args,
  confirm,
  connect,
  cwd,
  interrupt,
  options,
  out,
  target,
}: CommandContext): Promise<number> {
  const uses = readUses(options.use);
  const at = readAt(options.at);
  const sources = await Promise.all([...new Set(args)].map(readOwnStory));
  if (options.file !== undefined) sources.push(await readStoryFile(options.file, cwd));
  const result = await seed({
    connect,
    migrations: await loadMigrations(),
    stories: await Promise.all(sources.map(parseStory)),
    uses,
    ...(at === undefined ? {} : { at }),
    stop: interrupt.stop,
    onWait: (reason) => out.note(`waiting: ${reason}`),
    async confirm(server, plan) {
      const place = { server, catalog: target };
      if (!options.json) out.note(seedOutline(place, plan, out.paintNote));
      await confirm(seedQuestion(place, plan));
    },
  });
  out.result({ document: seedJson(result), text: seedText(result, out.paintResult) });
  return 0;
}
