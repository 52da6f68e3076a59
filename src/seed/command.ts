/** The command that seeds the same stories anew, as a person types it. */
import { shellWord } from "../db/client-command.ts";
import type { SeedRequest } from "./rows/bind.ts";
import type { ParsedStory } from "./story/parse.ts";
import { isOwnStory } from "./story/source.ts";

export function seedCommand(stories: readonly ParsedStory[], { uses, at }: SeedRequest): string {
  const words = [
    ...stories.flatMap((story) => (isOwnStory(story) ? [story.name] : ["--file", story.file])),
    ...[...uses].flatMap(([label, id]) => ["--use", `${label}=${id}`]),
    ...(at === undefined ? [] : ["--at", at]),
  ];
  return ["ispyb-migrate seed", ...words.map(shellWord)].join(" ");
}
