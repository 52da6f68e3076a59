/** Random tables: any columns, any key, any values. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { chance, limit } from "../support/proof.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { differences, session, thereAndBack } from "./restore.ts";

const hex = (bytes: Uint8Array) => (bytes.length === 0 ? "''" : `0x${Buffer.from(bytes).toString("hex")}`);
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map(hex);
const finite = { noNaN: true, noDefaultInfinity: true } as const;
const digits = (length: number, max: number) => fc.nat(max).map((number) => String(number).padStart(length, "0"));
/** Those that do not exist, too: zero, without a month or a day, and the 31st of February. */
const date = fc.tuple(digits(4, 9999), digits(2, 12), digits(2, 31)).map((parts) => parts.join("-"));
const clock = fc.tuple(digits(2, 23), digits(2, 59), digits(2, 59)).map((parts) => parts.join(":"));
const fraction = fc.oneof(fc.constantFrom(0, 1, 999_999), fc.nat(999_999)).map((part) => String(part).padStart(6, "0"));
/** Up to the last one that a server computes, which is beyond the last one that MySQL takes as a literal. */
const seconds = fc.oneof(fc.constantFrom(-3_020_399, 3_020_399), fc.integer({ min: -3_020_399, max: 3_020_399 }));
const words = (maxLength: number) =>
  fc
    .oneof(fc.string({ maxLength }), fc.string({ unit: "binary", maxLength }))
    .map((text) => (text === "" ? "''" : `_utf8mb4 ${hex(Buffer.from(text))}`));

/** Types with arbitrary literals. */
const kinds: Readonly<Record<string, fc.Arbitrary<string>>> = {
  bigint: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  "decimal(30,10)": fc.double({ ...finite, min: -1e15, max: 1e15 }).map(String),
  float: fc.float(finite).map(String),
  double: fc.double(finite).map((double) => `'${double}'`),
  "bit(17)": fc.nat(2 ** 17 - 1).map(String),
  "datetime(3)": fc.tuple(date, clock, fraction).map(([day, time, part]) => `'${day} ${time}.${part.slice(0, 3)}'`),
  date: date.map((day) => `'${day}'`),
  "time(6)": fc.tuple(seconds, fraction).map(([whole, part]) => `SEC_TO_TIME(${whole}.${part})`),
  "timestamp(6)": fc.tuple(fc.nat(2 ** 31 - 1), fraction).map(([whole, part]) => `FROM_UNIXTIME(${whole}.${part})`),
  year: fc.constantFrom(0, ...Array.from({ length: 255 }, (_, at) => 1901 + at)).map(String),
  "enum('c','','b''','A')": fc.integer({ min: 0, max: 4 }).map(String),
  "set('c','b''','A')": fc.nat(7).map(String),
  "varchar(60) CHARACTER SET utf8mb4": words(15),
  "varchar(60) CHARACTER SET latin1": bytes(60),
  "varbinary(60)": bytes(60),
};
const withoutKey: Readonly<Record<string, fc.Arbitrary<string>>> = {
  "longtext CHARACTER SET utf8mb4": words(20_000),
  longblob: fc.oneof(
    bytes(20),
    fc.integer({ min: 8_000, max: 300_000 }).map((length) => `REPEAT(0x27, ${length})`),
  ),
  json: fc.json().map((json) => `_utf8mb4 ${hex(Buffer.from(json))}`),
};
/** What expressions put into MySQL's JSON, and its text does not say. */
const typed: Readonly<Record<string, fc.Arbitrary<string>>> = {
  ...withoutKey,
  json: fc
    .array(
      fc.oneof(
        fc.json().map((json) => `CAST(_utf8mb4 ${hex(Buffer.from(json))} AS JSON)`),
        kinds["date"]?.map((day) => `CAST(${day} AS DATE)`) ?? fc.constant("NULL"),
        kinds["datetime(3)"]?.map((time) => `CAST(${time} AS DATETIME(6))`) ?? fc.constant("NULL"),
        kinds["time(6)"] ?? fc.constant("NULL"),
        fc.tuple(fc.integer(), fraction).map(([whole, part]) => `${whole}.${part}`),
        fc.uint8Array({ maxLength: 20 }).map((content) => `x'${Buffer.from(content).toString("hex")}'`),
      ),
      { maxLength: 8 },
    )
    .map((values) => `JSON_OBJECT('a', JSON_ARRAY(${values.join(", ")}))`),
};

const tables = (nullable: Readonly<Record<string, fc.Arbitrary<string>>>) =>
  fc
    .record({
      key: fc.subarray(Object.keys(kinds), { minLength: 1, maxLength: 3 }),
      others: fc.subarray([...Object.keys(kinds), ...Object.keys(nullable)], { maxLength: 6 }),
    })
    .chain(({ key, others }) => {
      const literal = (type: string) => kinds[type] ?? nullable[type] ?? fc.constant("NULL");
      const row = fc.tuple(...key.map(literal), ...others.map((type) => fc.option(literal(type), { nil: "NULL" })));
      return fc.record({
        key: fc.constant(key),
        others: fc.constant(others),
        rows: fc.array(row, { minLength: 1, maxLength: 30 }),
      });
    });

onEveryServer("random", (lane) => {
  test("every table is restored", limit(240), async () => {
    await using db = await freshDatabase(lane, "empty");
    await using source = await session(db);
    await using folder = await temporaryFolder();
    await source.run("SET sql_mode = 'ALLOW_INVALID_DATES'");
    const table = tables(lane.vendor === "mysql" ? typed : withoutKey);
    const property = fc.asyncProperty(table, async ({ key, others, rows }) => {
      await source.run("DROP TABLE IF EXISTS Random, aside");
      const columns = [
        "n int NOT NULL UNIQUE",
        ...key.map((type, at) => `k${at} ${type} NOT NULL`),
        ...others.map((type, at) => `c${at} ${type} NULL`),
        `PRIMARY KEY (${key.map((_, at) => `k${at}`).join(", ")})`,
      ];
      await source.run(`CREATE TABLE Random (${columns.join(", ")})`);
      // A value that does not fit is changed by the server, and a duplicate of a key is left out.
      for (const [n, row] of rows.entries())
        await source.run(`INSERT IGNORE INTO Random VALUES (${[n, ...row].join(", ")})`);
      await thereAndBack(source, folder.path, "Random");
      expect(await differences(source, "Random", "n")).toEqual([]);
    });
    await fc.assert(property, chance(200));
  });
});
