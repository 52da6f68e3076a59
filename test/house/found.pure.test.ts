/** `found` is the key of an error's details and of a Difference, and a state of the journal: no variable has this name. */
import { expect, test } from "vitest";
import { type Node, placeOf, sourceFiles, walk } from "./syntax.ts";

const keyed = new Set(["Property", "TSPropertySignature", "PropertyDefinition"]);

/** A key or `.found`, and not the name of something else: `{ found }` needs a variable of that name. */
function isKey(node: Node, parent: Node | undefined): boolean {
  if (parent === undefined) return false;
  if (parent.type === "MemberExpression") return parent["property"] === node && parent["computed"] === false;
  return keyed.has(parent.type) && parent["key"] === node && parent["shorthand"] !== true;
}

function variables(file: string, code: string): string[] {
  const places: string[] = [];
  walk(code, (node, [parent]) => {
    if (node.type === "Identifier" && node["name"] === "found" && !isKey(node, parent)) {
      places.push(placeOf(file, code, node));
    }
  });
  return [...new Set(places)];
}

test("no file of src/ has a variable named found", () => {
  expect(sourceFiles().flatMap(([file, code]) => variables(file, code))).toEqual([]);
});

test.each([
  "const found = 1;",
  "const { found } = difference;",
  "const details = { found };",
  "function f(found: string): void {}",
  "for (const found of rows) use(found);",
])("%s is a variable", (code) => {
  expect(variables("x.ts", code)).toEqual(["x.ts:1"]);
});

test.each([
  'const details = { found: "x" };',
  "const { found: existing } = difference;",
  "interface Details { readonly found?: string }",
  'use(details.found, entry.state === "found");',
])("%s is none", (code) => {
  expect(variables("x.ts", code)).toEqual([]);
});
