import { readFileSync } from "node:fs";

/** The files of a room's README that begin with their own name: `// test/jobs.test.js`. */
export function filesOfReadme(folder: "src" | "src/sandbox"): ReadonlyMap<string, string> {
  const readme = readFileSync(new URL(`../../${folder}/README.md`, import.meta.url), "utf8");
  const blocks = [...readme.matchAll(/^```js\n(\/\/ (\S+)\n[\s\S]*?)^```$/gm)];
  return new Map(blocks.map(([, text = "", name = ""]) => [name, text]));
}
