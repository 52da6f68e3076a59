/** Every type with its most difficult values is saved to a file and restored unchanged. */
import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import type { Db } from "../../src/db/db.ts";
import { temporaryFolder } from "../support/folder.ts";
import { everythingIsWanted } from "../support/lanes.ts";
import { onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { stockClient } from "../support/stock-client.ts";
import { differences, session, textOf, thereAndBack } from "./restore.ts";

/** Types and literals. Every literal has its own row, with NULL in all other columns. */
const everywhere: readonly (readonly [type: string, ...literals: string[]])[] = [
  ["tinyint(1)", "-128", "127", "0"],
  ["bigint", "-9223372036854775808", "9223372036854775807"],
  ["bigint unsigned", "18446744073709551615", "9007199254740993"],
  ["int(8) unsigned zerofill", "42"],
  ["decimal(65,30)", "-99999999999999999999999999999999999.999999999999999999999999999999", "1.5"],
  ["float", "0.1", "3.4028234663852886e38", "1.17549435e-38", "1e-45", "-0e0", "16777217"],
  ["float(7,4)", "1.2345", "-999.9999"],
  ["double", "1.7976931348623157e308", "5e-324", "2.2250738585072014e-308", "0.1 + 0.2e0", "'-0'", "-1e-7"],
  ["double(10,2)", "1234.56", "1e20", "-0.001"],
  ["double(255,30)", "1e-20", "1.23456789e-25", "1 / 3e0", "1.7976931348623157e308"],
  ["double unsigned", "'-0'", "-1"],
  ["float(20,10)", "1 / 3", "12345.678901234"],
  ["float unsigned zerofill", "'-0'", "1.5", "1e39"],
  ["decimal(10,2)", "'-0.00'", "-0.001", "-1e20"],
  ["bigint unsigned zerofill", "5", "-1", "1e30"],
  ["bit(64)", "18446744073709551615", "0"],
  ["bit(1)", "1"],
  ["year", "0", "1901", "2155"],
  [
    "date",
    "'0000-00-00'",
    "'2020-00-00'",
    "'2023-02-31'",
    "'9999-12-31'",
    "'0000-00-01'",
    "'0000-02-30'",
    "'2023-00-31'",
  ],
  ["datetime", "'0000-00-00 00:00:00'", "'9999-12-31 23:59:59'", "'2023-04-31 23:59:59'", "'0000-00-00 10:00:00'"],
  ["datetime(6)", "'2026-03-29 02:30:00.000001'", "'0000-00-00 00:00:00.000001'", "'9999-12-31 23:59:59.999999'"],
  [
    "timestamp NULL",
    "'0000-00-00 00:00:00'",
    "'1970-01-01 00:00:01'",
    "'2026-10-25 00:30:00'",
    "'2026-10-25 01:30:00'",
  ],
  ["timestamp(3) NULL", "'2038-01-19 03:14:07.999'"],
  ["timestamp(6) NULL", "FROM_UNIXTIME(0.000001)", "FROM_UNIXTIME(1)", "FROM_UNIXTIME(2147483647.999999)"],
  [
    "time(6)",
    "'-838:59:59'",
    "'838:59:58.999999'",
    "'00:00:00.000001'",
    // MySQL stores these, and takes none of them as a literal.
    "SEC_TO_TIME(3020399.000001)",
    "SEC_TO_TIME(-3020399.999999)",
    "ADDTIME('838:59:59', '0.5')",
  ],
  ["time(1)", "SEC_TO_TIME(3020399.94)"],
  ["enum('a','','it''s','\u00e9','x,y')", "'a'", "''", "'it''s'", "'\u00e9'", "'x,y'", "0"],
  ["enum('on','off') CHARACTER SET utf16", "'on'", "0"],
  ["enum('1','0','2')", "'0'", "'1'", "0", "1"],
  ["set('p','q r','\u00df')", "''", "'p'", "3", "7", "999"],
  ["set('1','2','4')", "'1'", "4"],
  ["char(20) CHARACTER SET latin1", "'trailing   '", "''", "'it''s \\\\\\\\ \"`%'"],
  [
    "varchar(300) CHARACTER SET latin1",
    bytes(0, 255),
    "'trailing   '",
    "'\\\\n\\\\r\\\\n\\\\t\\\\0'",
    "'-- no comment; DELIMITER $$'",
  ],
  ["varchar(50) CHARACTER SET utf8mb4", "_utf8mb4 0xF09F918DE6BCA20A", "'NULL'", "'0x41'"],
  ["varchar(50) CHARACTER SET utf8mb3", "_utf8mb4 0xE6BCA2C3A9"],
  ["varchar(50) CHARACTER SET ucs2", "_utf8mb4 0xE6BCA2C3A961"],
  ["varchar(50) CHARACTER SET utf16", "_utf8mb4 0xF09F918D61"],
  ["varchar(50) CHARACTER SET utf32", "_utf8mb4 0xF09F918D61"],
  ["varchar(50) CHARACTER SET sjis", "_sjis 0x5C7E8340", "'a'"],
  ["varchar(50) CHARACTER SET swe7", "_swe7 0x5B5C5D7B7C7D", "'a'"],
  ["varchar(50) CHARACTER SET gbk", "_gbk 0x815C61"],
  ["varchar(50) CHARACTER SET koi8r", bytes(128, 170)],
  ["tinytext CHARACTER SET latin1", bytes(0, 254)],
  ["text CHARACTER SET utf8mb4", "''", "REPEAT(_utf8mb4 0xF09F918D, 16000)"],
  ["longtext CHARACTER SET latin1", "'short'", "REPEAT(_latin1 0xE900, 1000000)"],
  ["longtext CHARACTER SET utf16", "REPEAT(_utf8mb4 0xF09F918D61, 100000)"],
  [
    "json",
    `'{"a": [1, -2.5, 1e100, null], "b": "\u00e9\\\\n\\\\""}'`,
    `'"${"x".repeat(9000)}\u00e9"'`,
    "'null'",
    "'[]'",
    '\'{"b": 1, "a": 2, "b": 3}\'',
    "'-0.0'",
    "'123456789012345678901234567890'",
    "'18446744073709551615'",
    "'1.10'",
  ],
  ["binary(4)", "0x00", "0xFF00FF00"],
  ["varbinary(300)", `0x${hex(0, 255)}`, "''", "0x00", "0x27", "0x5C"],
  ["tinyblob", "0x00000000"],
  ["longblob", "''", "0x00", "REPEAT(0x00FF, 1000000)"],
  ["geometry", "ST_GeomFromText('POINT(1 2)', 4326)", "ST_GeomFromText('POLYGON((0 0,1 0,1 1,0 0))')"],
  ["point", "ST_GeomFromText('POINT(-1.5 1e10)')"],
  ["geometrycollection", "ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,1 1))')"],
];

/** Types that only some servers have. */
const somewhere: Readonly<Record<string, readonly (readonly [type: string, ...literals: string[]])[]>> = {
  "mariadb-10.5": [
    ["inet6", "'::1'"],
    ["year(2)", "1901", "2001", "0", "2155"],
  ],
  "mariadb-10.11": [
    ["year(2)", "1901", "2001", "0", "2155"],
    ["uuid", "'00112233-4455-6677-8899-aabbccddeeff'"],
    ["inet4", "'1.2.3.4'"],
  ],
  "mariadb-11.8": [
    ["uuid", "UUID()"],
    ["vector(3)", "VEC_FromText('[1,-2.5,1e10]')"],
  ],
  "mysql-9": [
    ["vector(3)", "TO_VECTOR('[1,-2.5,1e10]')"],
    ["enum('a',x'ff') CHARACTER SET binary", "1", "2", "0"],
    [
      "json",
      // What a text of JSON does not say: types of MySQL's own, which expressions put there.
      "JSON_ARRAY(CAST('2020-01-01' AS DATE), '2020-01-01', CAST('2023-02-31' AS DATE))",
      "CAST(CAST('2020-01-01 10:00:00.5' AS DATETIME(6)) AS JSON)",
      "JSON_OBJECT('a \u00e9\\\\\"', JSON_ARRAY(SEC_TO_TIME(3020399.000001), CAST('-10:00:00' AS TIME)), 'b', NULL)",
      "CAST(1.10 AS JSON)",
      "JSON_ARRAY(-1.10, 1.1, 99999999999999999999999999999.5, CAST(5 AS DECIMAL(5, 0)))",
      "JSON_OBJECT('a', x'ff00', 'b', x'', 'c', b'101')",
      "JSON_ARRAY(REPEAT('x', 9000), CAST('2020-01-01' AS DATE), 1.50)",
      "JSON_ARRAY(CAST(2020 AS YEAR), -0e0, 1e0, 1e21)",
    ],
  ],
};

function hex(from: number, to: number): string {
  return Buffer.from(Array.from({ length: to - from + 1 }, (_, at) => from + at)).toString("hex");
}

function bytes(from: number, to: number): string {
  return `0x${hex(from, to)}`;
}

const client = await stockClient(console.error);

onEveryServer("types", (lane) => {
  const makeDatabase = sharedServer(lane);

  const types = [...everywhere, ...(somewhere[lane.name] ?? [])];

  test("every value is restored", async () => {
    await using db = await makeDatabase("empty");
    await using source = await session(db);
    await using folder = await temporaryFolder();
    await fill(source, types);
    const rows = await thereAndBack(source, folder.path, "Everything");
    expect(rows).toBe(types.reduce((sum, [, ...literals]) => sum + literals.length, 2));
    expect(await differences(source, "Everything", 'a "row`')).toEqual([]);
  });

  test.skipIf("reason" in client && !everythingIsWanted())("every value comes back by the stock client", async () => {
    if ("reason" in client) expect.fail(client.reason);
    await using db = await makeDatabase("empty");
    await using source = await session(db);
    await using folder = await temporaryFolder();
    await fill(source, types);
    // The file sets what it needs, whatever the settings of the client's session.
    const hostile =
      "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,NO_ZERO_DATE,STRICT_ALL_TABLES', time_zone = '-11:00';\n";
    await thereAndBack(source, folder.path, "Everything", async (_session, path) => {
      expect(await client.run(db, hostile + (await textOf(path)))).toMatchObject({ code: 0, output: "" });
    });
    expect(await differences(source, "Everything", 'a "row`')).toEqual([]);
  });
});

onEveryServer("values that no type says", (lane) => {
  const makeDatabase = sharedServer(lane);

  test.runIf(lane.vendor === "mysql")("a vector that is NOT NULL and was given none comes back empty", async () => {
    await using db = await makeDatabase("empty");
    await using source = await session(db);
    await using folder = await temporaryFolder();
    await source.run("CREATE TABLE Vectors (n int NOT NULL UNIQUE, v vector(2) NOT NULL, t time(6), e enum('a'))");
    await source.run("SET sql_mode = ''");
    await source.run("INSERT INTO Vectors (n) VALUES (1)");
    await source.run("INSERT INTO Vectors (n, t, e) VALUES (2, SEC_TO_TIME(3020399.5), 0)");
    await source.run("INSERT INTO Vectors VALUES (3, TO_VECTOR('[1, 2]'), NULL, 'a')");
    await source.run("SET sql_mode = 'STRICT_TRANS_TABLES'");
    expect(await thereAndBack(source, folder.path, "Vectors")).toBe(3);
    expect(await differences(source, "Vectors", "n")).toEqual([]);
  });

  test.runIf(lane.vendor === "mysql")("JSON with a value that only a column can make is refused", async () => {
    await using db = await makeDatabase("empty");
    await using source = await session(db);
    await using folder = await temporaryFolder();
    await source.run("CREATE TABLE Documents (n int NOT NULL UNIQUE, b blob, j json)");
    await source.run("INSERT INTO Documents VALUES (1, 0xFF, NULL)");
    await source.run("UPDATE Documents SET j = JSON_ARRAY(b)");
    const before = await source.rows("SELECT @@sql_mode AS mode");
    await expect(thereAndBack(source, folder.path, "Documents")).rejects.toMatchObject({
      code: "SAVE_FAILED",
      details: { found: expect.stringMatching(/JSON value that no SQL expression can rebuild: \["base64:type252:/) },
    });
    expect(await source.rows("SELECT @@sql_mode AS mode")).toEqual(before);
    expect(await readdir(folder.path)).toEqual([]);
  });
});

async function fill(db: Db, types: readonly (readonly [string, ...string[]])[]): Promise<void> {
  const columns = types.map(([type], at) => `c${at} ${type}`);
  await db.run(
    `CREATE TABLE Everything (\`a "row\`\`\` int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, ${columns.join(", ")}, ` +
      "twice int AS (c0 * 2) VIRTUAL, thrice int AS (c0 * 3) STORED) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci",
  );
  await db.run("SET sql_mode = 'ALLOW_INVALID_DATES'");
  for (const [at, [, ...literals]] of types.entries()) {
    for (const literal of literals) await db.run(`INSERT INTO Everything (c${at}) VALUES (${literal})`);
  }
  await db.run("INSERT INTO Everything () VALUES (), ()");
  await db.run("SET sql_mode = 'STRICT_TRANS_TABLES'");
}
