/** Pages along every kind of primary key in the server's sort order: each row exactly once. */
import { expect, test } from "vitest";
import type { Db } from "../../src/db/db.ts";
import { openSaveFile } from "../../src/save/save-file.ts";
import { temporaryFolder } from "../support/folder.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { differences, restore, session, tableOf, thereAndBack } from "./restore.ts";

/** More than two pages. */
const ROWS = 2_100;

interface Key {
  readonly columns: Readonly<Record<string, string>>;
  readonly key?: string;
  /** The values of row number n in them. */
  readonly values: readonly string[];
}

const keys: Readonly<Record<string, Key>> = {
  "an enum that does not sort like its labels, a text that ignores case": {
    columns: { k: "enum('z','','a','M')", l: "varchar(20) CHARACTER SET latin1" },
    values: ["1 + n MOD 4", "CONCAT(CHAR(65 + n MOD 26 + 32 * (n MOD 2)), n)"],
  },
  "an enum in which values were refused": {
    columns: { k: "enum('z','a')", l: "int" },
    values: ["IF(n MOD 50, 1 + n MOD 2, 0)", "-n"],
  },
  "a set, and bits": { columns: { k: "set('z','a','m')", l: "bit(12)" }, values: ["n MOD 8", "n"] },
  "accents, and blanks at the end": {
    columns: { k: "varchar(40) CHARACTER SET utf8mb4" },
    values: ["CONCAT(_utf8mb4 0xC3A9F09F918D, n, '  ')"],
  },
  "floats that a server prints beside their value, with a long text": {
    columns: { k: "float", l: "longtext CHARACTER SET latin1" },
    key: "k",
    values: ["-1.7396478174687577e-22 * n", "REPEAT('x', IF(n MOD 500, 1, 9000))"],
  },
  utf8mb3: { columns: { k: "varchar(40) CHARACTER SET utf8mb3" }, values: ["CONCAT(_utf8mb4 0xE6BCA2, n)"] },
  utf16: { columns: { k: "varchar(40) CHARACTER SET utf16" }, values: ["CONCAT('a', n)"] },
  "the beginning of a text": {
    columns: { k: "text CHARACTER SET latin1" },
    key: "k(10)",
    values: ["CONCAT(n, REPEAT('x', IF(n MOD 100, 1, 9000)))"],
  },
  bytes: { columns: { k: "varbinary(16)" }, values: ["UNHEX(LEFT(SHA2(n, 256), 32))"] },
  "a double": { columns: { k: "double" }, values: ["(n - 1000) / 7e0"] },
  "a float": { columns: { k: "float" }, values: ["(n - 1000) / 7e0"] },
  "a decimal": { columns: { k: "decimal(20,10)" }, values: ["(n - 1000) / 7"] },
  "a bigint beyond what a double holds": { columns: { k: "bigint unsigned" }, values: ["18446744073709551615 - n"] },
  "a date, and a time": {
    columns: { k: "date", l: "time(3)" },
    values: ["'2020-01-01' + INTERVAL n MOD 70 DAY", "SEC_TO_TIME(n / 8 - 100)"],
  },
  "dates that do not exist, and times that no literal says, with a long text": {
    columns: { k: "date", l: "time(6)", t: "longtext CHARACTER SET latin1" },
    key: "k, l",
    values: [
      "CONCAT('2023-02-', 28 + n MOD 4)",
      "SEC_TO_TIME(3020399.000001 - n DIV 4 / 1000)",
      "REPEAT('x', IF(n MOD 500, 1, 9000))",
    ],
  },
  "a timestamp": { columns: { k: "timestamp(3)" }, values: ["FROM_UNIXTIME(1 + n * 999 + n / 8)"] },
  nothing: { columns: {}, values: [] },
};

onEveryServer("keys", (lane) => {
  test("rows are read in pages, and column values are restored to their rows", async () => {
    await using db = await freshDatabase(lane, "empty");
    await using source = await session(db);
    await using folder = await temporaryFolder();
    await source.run("CREATE TABLE numbers (n int NOT NULL PRIMARY KEY)");
    await source.run(`INSERT INTO numbers VALUES ${Array.from({ length: ROWS }, (_, n) => `(${n})`).join(", ")}`);
    for (const [what, key] of Object.entries(keys)) {
      await source.run("DROP TABLE IF EXISTS Keyed, aside");
      await fill(source, key);
      expect(await thereAndBack(source, folder.path, "Keyed"), what).toBe(ROWS);
      expect(await differences(source, "Keyed", "n"), what).toEqual([]);
      if (key.values.length === 0) continue;
      await valuesThereAndBack(source, folder.path);
      expect(await differences(source, "Keyed", "n"), what).toEqual([]);
    }
  });
});

async function fill(db: Db, { columns, key, values }: Key): Promise<void> {
  const names = Object.keys(columns);
  const definitions = [
    "n int NOT NULL UNIQUE",
    "v varchar(9)",
    "changed timestamp NOT NULL DEFAULT '2020-01-01' ON UPDATE current_timestamp",
    ...Object.entries(columns).map(([name, type]) => `${name} ${type} NOT NULL`),
    ...(names.length === 0 ? [] : [`PRIMARY KEY (${key ?? names.join(", ")})`]),
  ];
  await db.run(`CREATE TABLE Keyed (${definitions.join(", ")})`);
  await db.run("SET sql_mode = 'ALLOW_INVALID_DATES'");
  await db.run(
    `INSERT INTO Keyed (${["n", "v", ...names].join(", ")}) ` +
      `SELECT ${["n", "IF(n MOD 50, NULL, n)", ...values].join(", ")} FROM numbers`,
  );
  await db.run("SET sql_mode = 'STRICT_TRANS_TABLES'");
}

/** Drops the column and adds it again, and restores its values. */
async function valuesThereAndBack(db: Db, folder: string): Promise<void> {
  const table = await tableOf(db, "Keyed");
  await db.run("ALTER TABLE Keyed RENAME COLUMN v TO v_aside");
  const file = await openSaveFile(folder, db);
  const of = { columns: [{ name: "v", from: "v_aside" }] };
  const where = "v_aside IS NOT NULL";
  expect(await file.save(db, { table, name: "Keyed", of, where, title: "values" })).toEqual({ rows: ROWS / 50 });
  await db.run("ALTER TABLE Keyed DROP COLUMN v_aside, ADD COLUMN v varchar(9) NULL");
  await file.deleted();
  await restore(db, file.path);
}
