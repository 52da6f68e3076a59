import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Lexer } from "../../src/base/lexer.ts";
import { join, split, splitChunks, statements } from "../../src/base/split-script.ts";
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
    ["nor are those behind one", "SELECT 1 /* a */ -- b\n# c\n; SELECT 2 -- d", ["SELECT 1", "SELECT 2"]],
    [
      "nor those at the end of a routine, which would be an empty statement",
      "DELIMITER //\nBEGIN END; -- of it\n//",
      ["BEGIN END;"],
    ],
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

  test("chunks of any size give the same parts", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(script, sizes, (text, lengths) => {
        expect([...splitChunks(chunked(text, lengths))]).toEqual(split(text));
      }),
      chance(20_000),
    );
  });

  test("the work is at most one look at each character", () => {
    fc.assert(
      fc.property(script, fc.integer({ min: 1, max: 50 }), (text, times) => {
        const long = text.repeat(times);
        expect(workOf([long])).toBeLessThanOrEqual(long.length);
      }),
      chance(20_000),
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

/** Scripts that a reader could begin again and again, each longer than the one before it. */
describe.each<[string, (size: number) => string]>([
  ["open quotes", (size) => "'a".repeat(size)],
  ["open backticks", (size) => "`\\".repeat(size)],
  ["comments that do not end", (size) => "/*".repeat(size)],
  ["conditional comments that do not end", (size) => "/*!50001 ".repeat(size)],
  ["ends of comments", (size) => "*/".repeat(size)],
  ["backslashes", (size) => "\\".repeat(size)],
  ["dashes", (size) => "-".repeat(size)],
  ["almost a delimiter", (size) => `DELIMITER aaaaaaaaaaaaaab\n${"a".repeat(size)}`],
  ["DELIMITER lines", (size) => "DELIMITER ;\n".repeat(size)],
  ["DELIMITER lines in a statement", (size) => `SELECT\n${"delimiter x\n".repeat(size)}`],
  ["blank lines", (size) => "\n \t\r\n".repeat(size)],
  ["one long line", (size) => `SELECT '${"x".repeat(size)}'`],
  ["blanks at the end", (size) => `SELECT 1${" ".repeat(size)}`],
  ["many empty statements", (size) => ";".repeat(size)],
])("%s", (_what, make) => {
  test("cost no more than their length, whole or in small chunks", () => {
    for (const size of [1_000, 50_000]) {
      const text = make(size);
      expect(workOf([text])).toBeLessThanOrEqual(text.length);
      expect(workOf(chunked(text, [7, 64, 1]))).toBeLessThanOrEqual(text.length);
    }
  });

  test("come back when they are joined", () => {
    const text = make(2_000);
    expect(join(split(text))).toBe(text);
  });
});

function workOf(chunks: Iterable<string>): number {
  const lexer = new Lexer();
  for (const part of splitChunks(chunks, lexer)) expect(part.source).not.toBe("");
  return lexer.work;
}

/** The text in chunks of these lengths, over and over. */
function* chunked(text: string, lengths: readonly number[]): Generator<string> {
  for (let from = 0, turn = 0; from < text.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1;
    yield text.slice(from, from + length);
    from += length;
  }
}
