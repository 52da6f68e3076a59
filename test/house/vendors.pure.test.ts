/** Only src/dialect/ and src/server/ ask which vendor or version a server is. Comments and sentences may name both. */
import { describe, expect, test } from "vitest";
import { type Node, placeOf, sourceFiles, walk } from "./syntax.ts";

const askingRooms = /^src\/(?:dialect|server)\//;

/** The one file outside that has a server identified, and hands on a dialect, which tells neither. */
const IDENTIFYING = "src/catalog/server.ts";

const asking: Readonly<Record<string, RegExp>> = {
  module: /\/dialect\/(?:product|identify)\.ts$/,
  name: /^(?:is)?(?:vendor|mariadb|mysql)$/i,
  /** A value to compare with; or SQL that asks, or that servers execute by their vendor and version. */
  text: /^(?:mariadb|mysql)$|%(?:mariadb|mysql)|(?:mariadb|mysql)%|\bversion\(\)|@@(?:\w+\.)?version|\/\*m?!/i,
  pattern: /mariadb|mysql/i,
};

/** What in this node may ask: an import, an identifier, a text or a pattern. */
function kindAndText(node: Node): [kind: keyof typeof asking, text: string] | undefined {
  const { type, name, value, regex, source } = node;
  if (type === "ImportDeclaration") return ["module", String((source as Node)["value"])];
  if (type === "Identifier") return ["name", String(name)];
  if (type === "TemplateElement") return ["text", String((value as { cooked: string }).cooked)];
  if (type !== "Literal") return undefined;
  if (regex !== undefined && regex !== null) return ["pattern", (regex as { pattern: string }).pattern];
  return typeof value === "string" ? ["text", value] : undefined;
}

function questionsIn(file: string, code: string): string[] {
  const questions: string[] = [];
  walk(code, (node) => {
    const [kind, text] = kindAndText(node) ?? [];
    if (kind === undefined || text === undefined || asking[kind]?.test(text) !== true) return;
    if (file === IDENTIFYING && text.endsWith("/dialect/identify.ts")) return;
    questions.push(`${placeOf(file, code, node)} ${text}`);
  });
  return questions;
}

test("no file outside asks for a vendor or a version", () => {
  const outside = sourceFiles().filter(([file]) => !askingRooms.test(file));
  expect(outside.length).toBeGreaterThan(200);
  expect(outside.flatMap(([file, code]) => questionsIn(file, code))).toEqual([]);
});

test("what the files inside ask is found in them", () => {
  const inside = sourceFiles().filter(([file]) => askingRooms.test(file));
  // The modules that no other room may import have these names.
  expect(inside.map(([file]) => file)).toEqual(
    expect.arrayContaining(["src/dialect/identify.ts", "src/dialect/product.ts"]),
  );
  const files = inside.flatMap(([file, code]) => (questionsIn(file, code).length > 0 ? [file] : []));
  expect(files).toEqual(
    expect.arrayContaining([
      "src/dialect/capabilities.ts",
      "src/dialect/identify.ts",
      "src/dialect/normalize/type.ts",
      "src/server/binary.ts",
      "src/server/throw-away-settings.ts",
    ]),
  );
});

describe("a question is found", () => {
  test.each([
    ['import { atLeast } from "../dialect/product.ts";', "../dialect/product.ts"],
    ['import { parseProduct } from "../dialect/identify.ts";', "../dialect/identify.ts"],
    ["const other = server.dialect.vendor === own;", "vendor"],
    ["const isMariaDb = server.dialect.product === own;", "isMariaDb"],
    ["function formatRole(name: string, by: Vendor) {}", "Vendor"],
    ['const n = product === "mariadb" ? 1 : 2;', "mariadb"],
    ["switch (name) { case 'mysql': break; }", "mysql"],
    ["const there = greeting.includes(`MariaDB`);", "MariaDB"],
    ["const there = /mariadb/i.test(greeting);", "mariadb"],
    ['await db.rows("SELECT VERSION() AS v");', "SELECT VERSION() AS v"],
    ['await db.rows("SELECT @@version_comment");', "SELECT @@version_comment"],
    ["await db.rows(`SELECT @@GLOBAL.version`);", "SELECT @@GLOBAL.version"],
    ["await db.rows(\"SELECT c LIKE '%MariaDB%'\");", "SELECT c LIKE '%MariaDB%'"],
    ['await db.run("SET a = 1 /*M! , b = 0 */");', "SET a = 1 /*M! , b = 0 */"],
    ['await db.run("SET a = 1 /*!80000 , b = 0 */");', "SET a = 1 /*!80000 , b = 0 */"],
  ])("%s", (line, what) => {
    expect(questionsIn("src/plan/x.ts", `/** A file. */\n${line}\n`)).toEqual([`src/plan/x.ts:2 ${what}`]);
  });
});

describe("this is none", () => {
  test.each([
    "/** MariaDB does it, MySQL does not: `VERSION()` tells, or @@version. */",
    "const codes = [1826]; // ER_DUP_CONSTRAINT_NAME (MariaDB), ER_FK_DUP_NAME (MySQL)",
    'import { createConnection } from "mysql2/promise";',
    'import { version } from "../version.ts";',
    'const isUrl = url.protocol === "mysql:" || url.protocol === "mariadb:";',
    'const example = "mysql://USER@HOST:PORT/DATABASE, without a password";',
    'const rows = await db.rows("SELECT User FROM mysql.user");',
    'const socket = "/var/lib/mysql/mysql.sock";',
    'const said = "run this file by the client of either vendor, of MariaDB or MySQL";',
  ])("%s", (line) => {
    expect(questionsIn("src/plan/x.ts", line)).toEqual([]);
  });
});
