/** What a procedure's file becomes for a catalog. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import type { Catalog, Column } from "../../src/model.ts";
import { renderProcedure, tablesOfProcedure } from "../../src/repeatables/procedures/render.ts";
import { loadProcedures } from "../../src/repeatables/procedures/source.ts";
import { temporaryFolder } from "../support/folder.ts";

const latin1 = { charset: "latin1", collation: "latin1_swedish_ci" } as const;

function catalog(...columns: (Pick<Column, "name" | "type"> & Partial<Column>)[]): Catalog {
  return {
    database: "ispyb",
    charset: "utf8mb4",
    collation: "utf8mb4_unicode_ci",
    lowerCaseTableNames: 0,
    tables: {
      Run: {
        name: "Run",
        engine: "InnoDB",
        ...latin1,
        columns: columns.map((column) => ({ nullable: true, ...column })),
        indexes: [],
        foreignKeys: [],
        checks: [],
        notUnderstood: [],
      },
    },
    otherObjects: {},
    views: [],
    triggers: [],
    routines: [],
  };
}

function rendered(lines: readonly string[], ...columns: Parameters<typeof catalog>) {
  return renderProcedure({ name: "p", text: ["-- What it is for.", ...lines, ""].join("\n") }, catalog(...columns));
}

test("only the statement is sent, without the head of the file and the last semicolon", () => {
  expect(rendered(["CREATE PROCEDURE p ()", "BEGIN", "  -- Why.", "END;"])).toEqual({
    sql: "CREATE PROCEDURE p ()\nBEGIN\n  -- Why.\nEND",
  });
});

test("the type of a column comes with its character set and collation, where it has them", () => {
  const text = ["CREATE PROCEDURE p (IN a TYPE OF Run.name, IN b TYPE OF run.number, IN c TYPE OF Run.number)"];
  const columns = [
    { name: "NAME", type: "varchar(80)", ...latin1 },
    { name: "number", type: "int unsigned" },
  ] as const;
  // As tables are spelled is asked of the catalog, as columns are not.
  expect(rendered(text, ...columns)).toEqual({ missing: ["run.number"] });
  expect(rendered([String(text[0]).replace("run", "Run")], ...columns)).toEqual({
    sql: "CREATE PROCEDURE p (IN a varchar(80) CHARACTER SET latin1 COLLATE latin1_swedish_ci, IN b int unsigned, IN c int unsigned)",
  });
});

test("the values of an enum stay as they are, whatever they are made of", () => {
  const type = "enum('it''s','a;b','$&','$1','TYPE OF Run.name')";
  expect(rendered(["CREATE PROCEDURE p (IN a TYPE OF Run.kind)"], { name: "kind", type })).toEqual({
    sql: `CREATE PROCEDURE p (IN a ${type})`,
  });
});

const ways = [
  "CREATE PROCEDURE p ()",
  "  -- #if Run.status is enum",
  "  SELECT 'words', TYPE OF Run.words",
  "  -- #else",
  "  SELECT 'numbers', TYPE OF Run.numbers",
  "  -- #end",
  "  -- #if Run.own exists",
  "  SELECT 'own'",
  "  -- #end",
  "END;",
] as const;

test.each([
  ["enum('a','b')", "words"],
  ["tinyint(1)", "numbers"],
  ["varchar(9)", "numbers"],
])("lines for one form of a column: %s", (type, chosen) => {
  // The other form's columns are not asked for.
  expect(rendered(ways, { name: "status", type }, { name: chosen, type: "int" })).toEqual({
    sql: `CREATE PROCEDURE p ()\n  SELECT '${chosen}', int\nEND`,
  });
});

test("lines for a column that not every flavour has", () => {
  const columns = [
    { name: "status", type: "int" },
    { name: "numbers", type: "int" },
  ] as const;
  expect(rendered(ways, ...columns, { name: "own", type: "int" })).toMatchObject({
    sql: expect.stringContaining("SELECT 'own'"),
  });
});

test("every column that is missing is named, and nothing is rendered", () => {
  expect(rendered(ways)).toEqual({ missing: ["Run.status", "Run.numbers"] });
});

test("the tables that a file asks about", () => {
  const text =
    "IN a TYPE OF One.a, IN b TYPE OF One.b\n  -- #if Two.c is enum\n  -- #else\n  -- #end\n-- #if Three.d exists\n";
  expect(tablesOfProcedure({ name: "p", text })).toEqual(["One", "Two", "Three"]);
});

test("every file of the project creates the procedure of its name; another one is refused", async () => {
  expect((await loadProcedures()).map(({ name }) => name)).toContain("upsert_processing_job");
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "one.sql"), "-- CREATE PROCEDURE one\nCREATE PROCEDURE another ()\nBEGIN\nEND;\n");
  await expect(loadProcedures(pathToFileURL(`${folder.path}/`))).rejects.toMatchObject({
    code: "CONFIGURATION",
    message: expect.stringContaining("one.sql"),
  });
});

test("a column that a statement names and the catalog lacks is missing, too; the columns of a view are not known", () => {
  const text = [
    "CREATE PROCEDURE p ()",
    "BEGIN",
    "  -- FROM Elsewhere WHERE comment",
    "  SELECT one.number, one.gone FROM Run AS one WHERE EXISTS (SELECT 1 FROM Run WHERE lost = 1);",
    "  INSERT INTO Run (number, absent) VALUES (1, 2);",
    "END;",
  ];
  const number = { name: "number", type: "int" } as const;
  expect(rendered(text, number)).toEqual({ missing: ["Run.gone", "Run.absent", "Run.lost"] });
  const view = { ...catalog(), tables: {}, otherObjects: { Run: "VIEW" } };
  expect(renderProcedure({ name: "p", text: text.join("\n") }, view)).toHaveProperty("sql");
});
