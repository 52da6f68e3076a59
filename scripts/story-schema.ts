/** Writes seeds/story.schema.json, which editors use for completion, from the schema that parses stories. */
import { writeFileSync } from "node:fs";
import { storyJsonSchema } from "../src/seed/story/schema.ts";

const file = new URL("../seeds/story.schema.json", import.meta.url);
writeFileSync(file, `${JSON.stringify(storyJsonSchema(), null, 2)}\n`);
