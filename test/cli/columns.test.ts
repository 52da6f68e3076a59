import { styleText } from "node:util";
import { expect, test } from "vitest";
import { columns } from "../../src/cli/views/columns.ts";

test("cells stand below one another, painted or not, and no line ends in spaces", () => {
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
