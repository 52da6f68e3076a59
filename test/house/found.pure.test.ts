/**
 * `found` has three meanings, and no other: the key of an error's details, the key of a Difference, and the journal's
 * state for what was already there.
 */
import { expect, test } from "vitest";
import { type Node, placeOf, sourceFiles, walk } from "./syntax.ts";

/** These files declare the keys: of errors' details, of the document of a failure, of a Difference. */
const declareTheKey = ["src/catalog/difference.ts", "src/documents/failure.ts", "src/errors.ts"];

/** These files read or write the journal's state; `failure.ts` prints the key as a label. */
const nameTheState = [
  "src/cli/failure.ts",
  "src/cli/views/status.ts",
  "src/documents/schemas/parts.ts",
  "src/migrate/execute-step.ts",
  "src/migrate/up.ts",
  "src/plan/down-plan.ts",
  "src/repeatables/down.ts",
  "src/repeatables/execute.ts",
  "src/repeatables/repeatable.ts",
  "src/script/journal.ts",
  "src/script/repeatables.ts",
  "src/state/journal.ts",
  "src/state/tables.ts",
];

const keyed = new Set(["Property", "TSPropertySignature", "PropertyDefinition"]);

/** A key or `.found`, and not the name of something else: `{ found }` needs a variable of that name. */
function isKey(node: Node, parent: Node | undefined): boolean {
  if (parent === undefined) return false;
  if (parent.type === "MemberExpression") return parent["property"] === node && parent["computed"] === false;
  return keyed.has(parent.type) && parent["key"] === node && parent["shorthand"] !== true;
}

function isVariable(node: Node, parent: Node | undefined): boolean {
  if (node.type !== "Identifier") return false;
  const name = String(node["name"]);
  return name === "found" ? !isKey(node, parent) : /^found[A-Z]|[a-z]Found(?![a-z])/.test(name);
}

function isDeclaredKey(node: Node, parent: Node | undefined): boolean {
  const declares = parent?.type === "TSPropertySignature" || parent?.type === "PropertyDefinition";
  return node["name"] === "found" && declares && parent["key"] === node;
}

/** The whole string, or a quoted value in SQL. */
function isState(node: Node): boolean {
  if (node.type === "Literal") return node["value"] === "found" || /'found'/.test(String(node["value"]));
  return node.type === "TemplateElement" && /'found'/.test(JSON.stringify(node["value"]));
}

/** Places of the nodes that `wanted` picks, each once. */
function places(file: string, code: string, wanted: (node: Node, parent: Node | undefined) => boolean): string[] {
  const seen: string[] = [];
  walk(code, (node, [parent]) => {
    if (wanted(node, parent)) seen.push(placeOf(file, code, node));
  });
  return [...new Set(seen)];
}

function filesWith(wanted: (node: Node, parent: Node | undefined) => boolean): string[] {
  return sourceFiles().flatMap(([file, code]) => (places(file, code, wanted).length === 0 ? [] : [file]));
}

test("no file of src/ has a variable named found", () => {
  expect(sourceFiles().flatMap(([file, code]) => places(file, code, isVariable))).toEqual([]);
});

test("only errors, the document of a failure and Difference declare the key", () => {
  expect(filesWith(isDeclaredKey).toSorted()).toEqual(declareTheKey);
});

test("only the label of an error, and what reads or writes the journal, have the string", () => {
  expect(filesWith(isState).toSorted()).toEqual(nameTheState);
});

test.each([
  "const found = 1;",
  "const { found } = difference;",
  "const details = { found };",
  "function f(found: string): void {}",
  "for (const found of rows) use(found);",
  "const foundCount = 1;",
  "const isFound = true;",
])("%s is a variable", (code) => {
  expect(places("x.ts", code, isVariable)).toEqual(["x.ts:1"]);
});

test.each([
  'const details = { found: "x" };',
  "const { found: existing } = difference;",
  "interface Details { readonly found?: string }",
  'use(details.found, entry.state === "found");',
  "const foundation = 1;",
])("%s is none", (code) => {
  expect(places("x.ts", code, isVariable)).toEqual([]);
});

test.each(["interface Live { readonly found?: string }", "class Live { found = 1 }", "type A = { found: string };"])(
  "%s declares the key",
  (code) => {
    expect(places("x.ts", code, isDeclaredKey)).toEqual(["x.ts:1"]);
  },
);

test.each(['type State = "done" | "found";', "const sql = `state = 'found'`;", "run(\"state IN ('done', 'found')\");"])(
  "%s names the state",
  (code) => {
    expect(places("x.ts", code, isState)).toEqual(["x.ts:1"]);
  },
);

test.each(['const text = "no server was found";', "const details = { found: `${n} rows` };"])(
  "%s does not name the state",
  (code) => {
    expect(places("x.ts", code, isState)).toEqual([]);
  },
);
