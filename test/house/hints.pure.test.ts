/** Outside the command line a command is a hint: only what prints it knows by which name the program was started. */
import { describe, expect, test } from "vitest";
import { type Node, placeOf, sourceFiles, walk } from "./syntax.ts";

/** The text of a string, or of a part of a template. */
function textOf({ type, value }: Node): string {
  if (type === "TemplateElement") return (value as { readonly cooked: string }).cooked;
  return type === "Literal" && typeof value === "string" ? value : "";
}

/** The strings that hold the program's name and a word behind it. */
function commandsIn(file: string, code: string): string[] {
  const places: string[] = [];
  walk(code, (node) => {
    if (textOf(node).includes("ispyb-migrate ")) places.push(placeOf(file, code, node));
  });
  return places;
}

test("no string outside the command line is a command of this program", () => {
  const files = sourceFiles().filter(([file]) => !file.startsWith("src/cli/"));
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap(([file, code]) => commandsIn(file, code))).toEqual([]);
});

describe("a command is found", () => {
  test.each([
    'next("ispyb-migrate up")',
    "next('ispyb-migrate up')",
    "next(`${a} ispyb-migrate up`)",
    '"// ispyb-migrate up"',
  ])("%s", (code) => expect(commandsIn("x.ts", code)).toEqual(["x.ts:1"]));

  test.each(["// ispyb-migrate up", "/** `ispyb-migrate up` */", 'on(); // "ispyb-migrate up"', '"ispyb-migrate: x"'])(
    "not %s",
    (code) => expect(commandsIn("x.ts", code)).toEqual([]),
  );
});
