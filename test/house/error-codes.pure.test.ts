/** Every error code is named by a test: by one with a server where a server is needed to meet it. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { catalogue } from "../../src/errors.ts";

/** Met before any server is there, or only by a bug. */
const withoutServer = new Set(["CONFIGURATION", "INTERNAL", "NO_SERVER", "PASSWORD_IN_URL"]);

const root = fileURLToPath(new URL("../", import.meta.url));
const tests = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts") && !import.meta.filename.endsWith(file))
  .map((file) => ({ isPure: file.endsWith(".pure.test.ts"), text: readFileSync(join(root, file), "utf8") }));

function isNamed(code: string, among: readonly { readonly text: string }[]): boolean {
  return among.some(({ text }) => new RegExp(`\\b${code}\\b`).test(text));
}

test.each(Object.keys(catalogue))("%s is named by a test", (code) => {
  const other = withoutServer.has(code) ? tests : tests.filter(({ isPure }) => !isPure);
  expect(isNamed(code, other)).toBe(true);
});

test("a code that no test names is noticed", () => {
  expect(isNamed("NO_SUCH_CODE", [{ text: "NO_SUCH_CODES" }])).toBe(false);
});
