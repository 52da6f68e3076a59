import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withUsage } from "../../scripts/usage.ts";

test("the usage in src/cli/README.md is that of the table of commands; node scripts/usage.ts writes it", () => {
  const readme = readFileSync(new URL("../../src/cli/README.md", import.meta.url), "utf8");
  expect(readme).toBe(withUsage(readme));
});
