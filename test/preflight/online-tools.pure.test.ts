/** By which names another online change is known, and what to do about it. */
import { expect, test } from "vitest";
import { leftOverOf, onlineChangeOf } from "../../src/preflight/online-tools.ts";

const of = (tables: readonly string[], triggers: readonly (readonly [name: string, table: string])[] = []) =>
  onlineChangeOf("Image", { tables, triggers: triggers.map(([name, table]) => ({ name, table })) });

test("names that only look like those of a tool are no change", () => {
  expect(of([])).toBeUndefined();
  expect(
    of(["_Image_old", "_Image_del", "_Images_new", "_BLImage_gho", "Image_new", "_spirit_sentinel"]),
  ).toBeUndefined();
  expect(of([], [["pt_osc_ispyb_Images_ins", "Images"]])).toBeUndefined();
});

test.each<[string, string, Parameters<typeof of>, string[]]>([
  ["a first copy", "pt-online-schema-change or Spirit", [["_Image_new"]], ["table _Image_new"]],
  ["a name that was taken", "pt-online-schema-change or Spirit", [["__Image_new"]], ["table __Image_new"]],
  [
    "triggers",
    "pt-online-schema-change",
    [["_Image_new"], [["pt_osc_ispyb_Image_ins", "Image"]]],
    ["trigger pt_osc_ispyb_Image_ins on Image", "table _Image_new"],
  ],
  [
    "triggers on the old table, after the tables have changed places",
    "pt-online-schema-change",
    [["_Image_old"], [["pt_osc_ispyb_Image_ins", "_Image_old"]]],
    ["trigger pt_osc_ispyb_Image_ins on _Image_old", "table _Image_old"],
  ],
  ["a log without a ghost", "gh-ost", [["_Image_ghc"]], ["table _Image_ghc"]],
  ["a ghost", "gh-ost", [["_Image_ghc", "_Image_gho", "_Image_del"]], ["table _Image_ghc", "table _Image_gho"]],
  [
    "a checkpoint, and the sentinel that holds it back",
    "Spirit",
    [["_Image_new", "_Image_chkpnt", "_spirit_sentinel"]],
    ["table _Image_chkpnt", "table _Image_new", "table _spirit_sentinel"],
  ],
  [
    "the checkpoint of several tables",
    "Spirit",
    [["_Image_new", "_spirit_checkpoint"]],
    ["table _spirit_checkpoint", "table _Image_new"],
  ],
])("%s", (_, tool, traces, made) => {
  expect(of(...traces)).toMatchObject({ tool, table: "Image", made });
});

test("triggers are dropped before the copy that they write to, and an old table stays", () => {
  const change = of(["_Image_new", "_Image_old"], [["pt_osc_ispyb_Image_ins", "Image"]]);
  expect(change?.advice.slice(1)).toEqual(["DROP TRIGGER `pt_osc_ispyb_Image_ins`;", "DROP TABLE `_Image_new`;"]);
});

test("the sentinel is not in the statement: without it a Spirit that waits would finish", () => {
  const change = of(["_Image_new", "_Image_chkpnt", "_spirit_sentinel"]);
  expect(change?.advice.at(-2)).toBe("DROP TABLE `_Image_chkpnt`, `_Image_new`;");
  expect(change?.advice.join("\n")).toContain("drop _spirit_sentinel last");
});

test("what is left over from finished changes", () => {
  const tables = [
    "_Image_old",
    "_Image_del",
    "_Image_20260101120000_del",
    "_Image_old_2026",
    "_Image_new",
    "_Images_old",
  ];
  expect(leftOverOf("Image", { tables, triggers: [] })).toEqual(tables.slice(0, 4));
});
