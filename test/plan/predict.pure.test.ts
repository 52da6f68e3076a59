/** How long a statement takes is what was measured, in proportion to the table; otherwise it is unknown. */
import { describe, expect, test } from "vitest";
import type { Server } from "../../src/catalog/server.ts";
import { dialectOf } from "../../src/dialect/dialect.ts";
import { formatHint } from "../../src/documents/format-hint.ts";
import { installed } from "../../src/documents/caller.ts";
import { upCommand } from "../../src/plan/up-command.ts";
import { type Evidence, predict } from "../../src/plan/predict.ts";
import { duration, formatBasis } from "../../src/plan/prediction-words.ts";
import { assertSameSeries, parseRehearsal, rehearsalOnCopy } from "../../src/plan/rehearsal.ts";
import type { Entry } from "../../src/state/journal.ts";
import { type MeasuredHere, formatMeasured } from "../../src/state/measured.ts";
import type { Statement } from "../../src/steps/contract.ts";

const here = {
  node: "here",
  cluster: false,
  dialect: dialectOf({ vendor: "mariadb", version: [10, 11, 6] }),
} as unknown as Server;

const copy: Statement = {
  sql: "ALTER TABLE `T` MODIFY COLUMN `a` int NOT NULL, ALGORITHM=COPY, LOCK=SHARED",
  locks: ["T"],
  reads: "T",
  online: { algorithm: "COPY", lock: "SHARED" },
  rebuilds: true,
};
const fill: Statement = {
  sql: "UPDATE `T` SET `a` = 1 WHERE `a` IS NULL",
  locks: ["T"],
  reads: "T",
  fill: { table: "T", key: ["id"], column: "a", kept: [], where: "`a` IS NULL", literal: "1", rows: 1_000 },
};
const size = { rows: 2_100_000, bytes: 500_000_000 };

const measured = (more: Partial<MeasuredHere> = {}): MeasuredHere => ({
  work: "copy",
  table: "T",
  rows: 1_900_000,
  bytes: 480_000_000,
  seconds: 10,
  node: "here",
  ...more,
});

function document(more: object = {}, statement: object = {}): string {
  const { work, table, rows, bytes, seconds } = measured();
  return JSON.stringify({
    command: "up",
    ok: true,
    server: { product: "MariaDB 10.11.19", cluster: false },
    statements: [{ sql: copy.sql, work, seconds, reads: { table, rows, bytes }, ...statement }],
    ...more,
  });
}

const rehearsed = (...parts: Parameters<typeof document>): Evidence => ({
  journal: [],
  rehearsal: parseRehearsal("r.json", document(...parts)),
});

function recorded(...all: MeasuredHere[]): Evidence {
  const entry = { step: 3, state: "done", checksum: null, what: "", statement: null, previous: null, account: "" };
  return {
    journal: all.map((each, at): Entry => ({
      ...entry,
      state: "done",
      migration: `m${at}`,
      finishedAt: null,
      measured: formatMeasured(each),
    })),
  };
}

describe("a rehearsal", () => {
  test("the seconds of the same statement, in proportion to its rows", () => {
    const prediction = predict(copy, size, here, rehearsed());
    expect(prediction.seconds).toBeCloseTo((10 * 21) / 19);
    if (prediction.seconds === undefined || prediction.basis === undefined) return expect.fail("nothing is known");
    expect(duration(prediction.seconds)).toBe("about 11 s");
    expect(formatBasis(prediction.basis, size)).toBe("from a rehearsal on 1.9 million rows (2.1 million here)");
  });

  test("in proportion to the bytes where the table has grown more than its rows", () => {
    const prediction = predict(copy, { ...size, bytes: 960_000_000 }, here, rehearsed());
    expect(prediction.seconds).toBeCloseTo(20);
    if (prediction.seconds === undefined || prediction.basis === undefined) return expect.fail("nothing is known");
    expect(formatBasis(prediction.basis, { ...size, bytes: 960_000_000 })).toBe(
      "from a rehearsal on 480 MB (960 MB here)",
    );
  });

  test("a fill in proportion to the rows that get a value", () => {
    const statement = { sql: fill.sql, work: "fill", reads: { table: "T", rows: 500, bytes: 480_000_000 }, seconds: 2 };
    expect(predict(fill, size, here, rehearsed({}, statement)).seconds).toBeCloseTo(4);
  });

  test.each([
    ["another statement", {}, { sql: "ALTER TABLE `T` FORCE" }, "r.json does not have this statement"],
    [
      "a table of less than a tenth",
      {},
      { reads: { table: "T", rows: 1_000, bytes: 200_000 } },
      "the rehearsal had only 1,000 rows",
    ],
    ["an empty table", {}, { reads: { table: "T", rows: 0, bytes: 16_384 } }, "the rehearsal had only 0 rows"],
  ])("%s says nothing", (_, more, statement, unknown) => {
    expect(predict(copy, size, here, rehearsed(more, statement))).toEqual({ unknown });
  });

  test("of a single server, for a cluster: said", () => {
    const cluster = { ...here, cluster: true };
    const prediction = predict(copy, size, cluster, rehearsed());
    if (prediction.seconds === undefined || prediction.basis === undefined) return expect.fail("nothing is known");
    expect(formatBasis(prediction.basis, size)).toContain("a rehearsal on a single server, on 1.9 million rows");
  });

  test.each([
    ["no JSON", "{", /^no JSON: /],
    ["another file of ours", document({ command: "plan" }), "the answer of `plan`"],
    ["any other JSON", "[1, 2]", "something else than `up --json` prints"],
    ["null", "null", "something else than `up --json` prints"],
    ["a failed up", document({ ok: false }), "the answer of an `up` that failed"],
    ["an older version", document({ statements: undefined }), /of an older version$/],
  ])("%s is refused", (_, text, given) => {
    expect(() => parseRehearsal("r.json", text)).toThrow(
      expect.objectContaining({
        code: "USAGE",
        details: expect.objectContaining({
          where: "r.json",
          found: typeof given === "string" ? given : expect.stringMatching(given),
        }),
      }),
    );
  });

  test.each(["MariaDB 11.8.6", "MySQL 9.7.4", "MariaDB 10.1.9"])("on %s says nothing of MariaDB 10.11", (product) => {
    const rehearsal = parseRehearsal("r.json", document({ server: { product } }));
    expect(() => assertSameSeries(rehearsal, here)).toThrow(
      expect.objectContaining({
        code: "USAGE",
        details: expect.objectContaining({
          found: `a rehearsal on ${product}`,
          wanted: "a rehearsal on a server of the same series as here, MariaDB 10.11.6",
        }),
      }),
    );
    expect(() => assertSameSeries(parseRehearsal("r.json", document()), here)).not.toThrow();
  });
});

test("the rehearsal of a run sends what that run would send, and is never for its server", () => {
  const request = { repair: true, allowLate: false, onReplica: true, skip: { names: ["grants"], reason: "not ours" } };
  const caller = { ...installed, options: { url: "mysql://me@db1/ispyb" } };
  expect(formatHint(rehearsalOnCopy("measures it", upCommand(request)), caller)).toBe(
    "ispyb-migrate up --repair --skip grants --reason 'not ours' --url mysql://USER@COPY/DATABASE --json --yes " +
      "--allow-stall   # on a restored copy, with > FILE: measures it",
  );
});

describe("the journal", () => {
  const other = measured({ table: "Other", seconds: 1, rows: 2_100_000, bytes: 500_000_000 });

  test("such a statement of the same table, before one of any other", () => {
    const prediction = predict(copy, size, here, recorded(other, measured()));
    if (prediction.seconds === undefined || prediction.basis === undefined) return expect.fail("nothing is known");
    expect(prediction.seconds).toBeCloseTo((10 * 21) / 19);
    expect(formatBasis(prediction.basis, size)).toBe(
      "from the journal: m1 step 3 took 10.0 s on T, 1.9 million rows (2.1 million here)",
    );
  });

  test("of another table, if there is none of the same", () => {
    expect(predict(copy, size, here, recorded(other)).seconds).toBeCloseTo(1);
  });

  test.each([
    ["of another server", measured({ node: "there" })],
    ["of another kind", measured({ work: "key" })],
    ["of a table of less than a tenth", measured({ rows: 200_000 })],
  ])("nothing %s counts", (_, entry) => {
    expect(predict(copy, size, here, recorded(entry))).toEqual({ unknown: "it was not rehearsed" });
  });

  test("the rehearsal comes first", () => {
    const both = { ...rehearsed(), ...recorded(other) };
    expect(predict(copy, size, here, { ...both, journal: recorded(other).journal }).seconds).toBeGreaterThan(10);
  });
});

test("a statement that reads no table, or one that does not exist yet, is an instant", () => {
  expect(predict({ sql: "CREATE TABLE `N` (a int)", locks: [] }, undefined, here, { journal: [] })).toEqual({
    seconds: 0,
  });
  expect(predict(copy, undefined, here, { journal: [] })).toEqual({ seconds: 0 });
});
