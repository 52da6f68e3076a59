import { readFileSync } from "node:fs";

const readme = readFileSync(new URL("../../src/sandbox/README.md", import.meta.url), "utf8");

/** The files of the README of src/sandbox that begin with their own name: `// test/jobs.test.js`. */
export function filesOfReadme(): ReadonlyMap<string, string> {
  const blocks = [...readme.matchAll(/^```[jt]s\n(\/\/ (\S+)\n[\s\S]*?)^```$/gm)];
  return new Map(blocks.map(([, text = "", name = ""]) => [name, text]));
}
