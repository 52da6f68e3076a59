/** The command that seeds the same stories again. */
import { type Hint, hint } from "../hint.ts";
import type { SeedRequest } from "./rows/bind.ts";
import type { ParsedStory } from "./story/parse.ts";
import { isOwnStory } from "./story/source.ts";

export function seedCommand(stories: readonly ParsedStory[], { uses, at }: SeedRequest): Hint {
  const files = stories.filter((story) => !isOwnStory(story)).map(({ file }) => file);
  return hint("seed", {
    args: stories.filter(isOwnStory).map(({ name }) => name),
    options: {
      file: files.length > 0 && files,
      use: uses.size > 0 && [...uses].map(([label, id]) => `${label}=${id}`),
      at,
    },
  });
}
