import { styleText } from "node:util";
import { expect, test } from "vitest";
import { columns } from "../../src/cli/views/columns.ts";

test("cells are aligned, coloured or not, and no line ends in spaces", () => {
  const green = styleText("green", "applied", { validateStream: false });
  expect(
    columns([
      ["migration", "state", "by"],
      ["first", green, "root"],
      ["the second", "", ""],
    ]),
  ).toEqual(["migration   state    by", `first       ${green}  root`, "the second"]);
});

test("no rows, no lines", () => expect(columns([])).toEqual([]));

test("a Chinese name and an emoji take two columns each, a combined accent none", () => {
  const lines = columns([
    ["李明", "x"],
    ["👩‍🔬 e\u0301", "x"],
    ["abcd", "x"],
  ]);
  expect(lines).toEqual(["李明  x", "👩‍🔬 e\u0301  x", "abcd  x"]);
});
