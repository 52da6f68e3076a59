/** Tables that nobody thought of: any columns, any key, any values. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { differences, session, thereAndBack } from "./restore.ts";

const hex = (bytes: Uint8Array) => (bytes.length === 0 ? "''" : `0x${Buffer.from(bytes).toString("hex")}`);
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map(hex);
const finite = { noNaN: true, noDefaultInfinity: true } as const;
const day = fc.date({ min: new Date("1000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true });
const time = day.map((date) => `'${date.toISOString().replace("T", " ").replace("Z", "")}'`);
const words = (maxLength: number) =>
  fc
    .oneof(fc.string({ maxLength }), fc.string({ unit: "binary", maxLength }))
    .map((text) => (text === "" ? "''" : `_utf8mb4 ${hex(Buffer.from(text))}`));

/** Types and arbitrary literals of them. */
const kinds: Readonly<Record<string, fc.Arbitrary<string>>> = {
  bigint: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  "decimal(30,10)": fc.double({ ...finite, min: -1e15, max: 1e15 }).map(String),
  float: fc.float(finite).map(String),
  double: fc.double(finite).map((double) => `'${double}'`),
  "bit(17)": fc.nat(2 ** 17 - 1).map(String),
  "datetime(3)": time,
  date: time,
  "time(6)": fc.integer({ min: -3_020_399, max: 3_020_399 }).map((seconds) => `SEC_TO_TIME(${seconds}.000001)`),
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

const table = fc
  .record({
    key: fc.subarray(Object.keys(kinds), { minLength: 1, maxLength: 3 }),
    others: fc.subarray([...Object.keys(kinds), ...Object.keys(withoutKey)], { maxLength: 6 }),
  })
  .chain(({ key, others }) => {
    const literal = (type: string) => kinds[type] ?? withoutKey[type] ?? fc.constant("NULL");
    const row = fc.tuple(...key.map(literal), ...others.map((type) => fc.option(literal(type), { nil: "NULL" })));
    return fc.record({
      key: fc.constant(key),
      others: fc.constant(others),
      rows: fc.array(row, { minLength: 1, maxLength: 30 }),
    });
  });

onEveryServer("random", (lane) => {
  test("every table comes back", async () => {
    await using db = await freshDatabase(lane, "empty");
    await using source = await session(db);
    await using folder = await temporaryFolder();
    const property = fc.asyncProperty(table, async ({ key, others, rows }) => {
      await source.run("DROP TABLE IF EXISTS Random, aside");
      const columns = [
        "n int NOT NULL UNIQUE",
        ...key.map((type, at) => `k${at} ${type} NOT NULL`),
        ...others.map((type, at) => `c${at} ${type} NULL`),
        `PRIMARY KEY (${key.map((_, at) => `k${at}`).join(", ")})`,
      ];
      await source.run(`CREATE TABLE Random (${columns.join(", ")})`);
      // What does not fit is made to fit, and what is the same to the key is left out.
      for (const [n, row] of rows.entries())
        await source.run(`INSERT IGNORE INTO Random VALUES (${[n, ...row].join(", ")})`);
      await thereAndBack(source, folder.path, "Random");
      expect(await differences(source, "Random", "n")).toEqual([]);
    });
    await fc.assert(property, { numRuns: 20, interruptAfterTimeLimit: 30_000 });
  });
});
