import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { join, split, statements } from "../../src/db/split-script.ts";
import { chance } from "../support/proof.ts";

const sent = (script: string) => statements(script).map((part) => part.sql);

describe("a script is cut where the stock client cuts it", () => {
  test.each<[string, string, string[]]>([
    ["at semicolons", "SELECT 1; SELECT 2;", ["SELECT 1", "SELECT 2"]],
    ["the last one needs none", "SELECT 1;\nSELECT 2\n", ["SELECT 1", "SELECT 2"]],
    ["not in quotes", `SELECT 'a;b', "c;d", \`e;f\`;`, [`SELECT 'a;b', "c;d", \`e;f\``]],
    ["not behind an escaped quote", String.raw`SELECT 'it\'s;'; SELECT 2`, [String.raw`SELECT 'it\'s;'`, "SELECT 2"]],
    ["not behind a doubled quote", "SELECT 'it''s;'; SELECT 2", ["SELECT 'it''s;'", "SELECT 2"]],
    ["a backslash escapes nothing in backticks", "SELECT `a\\`; SELECT 2", ["SELECT `a\\`", "SELECT 2"]],
    [
      "not in comments",
      "SELECT 1 -- no; 'quote\n+ 1 # no;\n+ /* no; ' */ 1;",
      ["SELECT 1 -- no; 'quote\n+ 1 # no;\n+ /* no; ' */ 1"],
    ],
    ["two dashes without a blank subtract", "SELECT 1--1; SELECT 2", ["SELECT 1--1", "SELECT 2"]],
    ["comments alone are not sent", "-- a\n;\n/* b */;\n# c\n", []],
    ["comments before a statement are not sent", "-- why\nSELECT 1;", ["SELECT 1"]],
    [
      "executable comments are",
      "/*!40101 SET a = 1 */;/*M!100100 SET b = 2 */;",
      ["/*!40101 SET a = 1 */", "/*M!100100 SET b = 2 */"],
    ],
    [
      "at another delimiter",
      "DELIMITER $$\nCREATE PROCEDURE p() BEGIN SELECT 1; END$$\nDELIMITER ;\nSELECT 2;",
      ["CREATE PROCEDURE p() BEGIN SELECT 1; END", "SELECT 2"],
    ],
    [
      "delimiter in small letters, with blanks and CRLF",
      "  delimiter //\r\nSELECT 1//\r\n  delimiter ;\r\nSELECT 2;\r\n",
      ["SELECT 1", "SELECT 2"],
    ],
    [
      "the word delimiter inside a statement is a word",
      "SELECT\ndelimiter x FROM t; SELECT 2",
      ["SELECT\ndelimiter x FROM t", "SELECT 2"],
    ],
    ["BEGIN and END mean nothing", "BEGIN; UPDATE t SET a = 1; COMMIT;", ["BEGIN", "UPDATE t SET a = 1", "COMMIT"]],
    ["an open quote reaches to the end", "SELECT 'a; SELECT 2;", ["SELECT 'a; SELECT 2;"]],
    ["nothing", "", []],
  ])("%s", (_what, script, expected) => {
    expect(sent(script)).toEqual(expected);
  });

  test("each statement knows its line", () => {
    const script = "-- one\nSELECT 1;\n\nDELIMITER //\n/* five\nsix */ SELECT\n7//\nSELECT 8//";
    expect(statements(script).map(({ sql, line }) => [line, sql])).toEqual([
      [2, "SELECT 1"],
      [6, "SELECT\n7"],
      [8, "SELECT 8"],
    ]);
  });
});

describe("for every script", () => {
  const token = fc.constantFrom(
    "'",
    '"',
    "`",
    "\\",
    ";",
    "$$",
    "--",
    "-- ",
    "#",
    "/*",
    "*/",
    "/*!",
    "\n",
    "\r\n",
    " ",
    "DELIMITER ",
    "delimiter $$\n",
    "BEGIN",
    "END",
    "a",
    "é",
    "\0",
  );
  const script = fc
    .array(fc.oneof({ weight: 9, arbitrary: token }, fc.string()), { maxLength: 40 })
    .map((words) => words.join(""));

  test("the parts joined give the script back", () => {
    fc.assert(
      fc.property(script, (text) => join(split(text)) === text),
      chance(50_000),
    );
  });

  test("the lines are those of the script", () => {
    fc.assert(
      fc.property(script, (text) => {
        const lines = text.split("\n");
        return statements(text).every(({ sql, line }) => lines[line - 1]?.includes(sql.split("\n")[0] ?? "") ?? false);
      }),
      chance(20_000),
    );
  });
});
