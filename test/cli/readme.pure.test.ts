import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withGenerated } from "../../scripts/usage.ts";

const readme = readFileSync(new URL("../../src/cli/README.md", import.meta.url), "utf8");

test("usage, exit codes and errors in src/cli/README.md are those of the code; node scripts/usage.ts writes them", () => {
  expect(readme).toBe(withGenerated(readme));
});

test.each(["status  ", "| 130 | ", "`LEASE_HELD`"])(
  "what is generated is told apart from what is stale: %s",
  (word) => {
    expect(readme).toContain(word);
    const stale = readme.replace(word, "");
    expect(withGenerated(stale)).toBe(readme);
  },
);

test("a README without its markers is refused", () => {
  expect(() => withGenerated(readme.replace("<!-- end of errors -->", ""))).toThrow("does not contain");
});
