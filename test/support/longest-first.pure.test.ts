import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { longest } from "./longest-first.ts";

test("every file that is begun early is there", () => {
  for (const file of longest) expect(existsSync(new URL(`../../${file}`, import.meta.url)), file).toBe(true);
});
