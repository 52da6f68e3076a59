/** Writes src/documents/schemas/*.schema.json, by which the answers of --json are known, from the modules beside them. */
import { writeFileSync } from "node:fs";
import { answerSchemas } from "../src/documents/schemas/answers.ts";

for (const [name, schema] of answerSchemas()) {
  const file = new URL(`../src/documents/schemas/${name}.schema.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
}
