/** Writes seeds/story.schema.json, with which editors complete stories, from the schema that reads them. */
import { writeFileSync } from "node:fs";
import { storyJsonSchema } from "../src/seed/story/schema.ts";

const file = new URL("../seeds/story.schema.json", import.meta.url);
writeFileSync(file, `${JSON.stringify(storyJsonSchema(), null, 2)}\n`);
