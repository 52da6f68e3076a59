/** The stories of this project, one YAML file each in seeds/. */
import { readdirSync } from "node:fs";
import { ownStories } from "../../own-files.ts";

export function ownStoryNames(): string[] {
  const files = readdirSync(ownStories);
  return files.flatMap((file) => (file.endsWith(".yaml") ? [file.slice(0, -".yaml".length)] : [])).toSorted();
}
