/** The source of a missing time, in any time zone of the server. */
import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { formatDifference } from "../../src/catalog/difference.ts";
import { type FillEvents, fillInBatches } from "../../src/run/fill.ts";
import type { Fill, Statement } from "../../src/steps/contract.ts";
import { fillNulls } from "../../src/steps/define.ts";
import { inspect, probe, render } from "../../src/steps/index.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { targetOf } from "../support/upgrade.ts";
import { count, factsFor, send } from "./play.ts";

const times = fillNulls("Probe", "probe", {
  literal: "'1970-01-02'",
  from: { table: "Program", column: "at", by: "programId" },
});
const words = fillNulls("Probe", "word", { literal: "'none'" });

const still: FillEvents = {
  between: () => {},
  filled: () => {},
  busy: () => Promise.reject(new Error("rows are locked")),
};

function fillOf({ fill }: Statement): Fill {
  return fill ?? expect.fail("no fill");
}

/** Programs with times that a timestamp can hold and others, each with a row that has no time. */
async function prepare(db: TestDatabase, programs: readonly (string | null)[]): Promise<void> {
  await db.query("SET SESSION sql_mode = ''");
  await db.query("CREATE TABLE Program (programId int PRIMARY KEY, at datetime NULL) ENGINE=InnoDB");
  await db.query(
    "CREATE TABLE Probe (probeId int PRIMARY KEY AUTO_INCREMENT, programId int, probe timestamp NULL DEFAULT NULL, " +
      "word varchar(9), touched timestamp NULL ON UPDATE current_timestamp) ENGINE=InnoDB",
  );
  for (const [at, time] of programs.entries()) {
    await db.query("INSERT INTO Program VALUES (?, ?)", [at, time]);
    await db.query("INSERT INTO Probe (programId) VALUES (?)", [at]);
  }
}

/** A time zone with Europe's gap in spring: at 2023-03-26 01:00 UTC the clocks change from 02:00 to 03:00. */
const zone = [
  "INSERT INTO mysql.time_zone (Time_zone_id, Use_leap_seconds) VALUES (1, 'N')",
  "INSERT INTO mysql.time_zone_name VALUES ('Probe/Spring', 1)",
  "INSERT INTO mysql.time_zone_transition_type VALUES (1, 0, 3600, 0, 'W'), (1, 1, 7200, 1, 'S')",
  "INSERT INTO mysql.time_zone_transition VALUES (1, -2147483648, 0), (1, 1679792400, 1), (1, 1698541200, 0)",
];

async function probes(db: TestDatabase): Promise<(string | null)[]> {
  await db.query("SET SESSION time_zone = '+00:00'");
  const rows = await db.query<{ probe: string | null }>(
    "SELECT CAST(probe AS CHAR) AS probe FROM Probe ORDER BY probeId",
  );
  return rows.map((row) => row.probe);
}

onEveryServer("filling NULLs", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("takes the program's time as the server's clock had it, if a timestamp can hold it", async () => {
    await using db = await freshDatabase(lane, "empty");
    for (const statement of zone) await db.query(statement);
    await db.query("SET GLOBAL time_zone = 'Probe/Spring'");
    await prepare(db, [
      "2023-07-01 12:00:00",
      "2023-02-01 12:00:00",
      "2023-03-26 02:30:00",
      null,
      "0000-00-00 00:00:00",
      "2023-00-10 00:00:00",
      "1969-07-20 20:17:00",
      "2038-01-19 04:14:07",
      "2038-01-19 04:14:08",
      "2100-01-01 00:00:00",
    ]);
    await db.query("INSERT INTO Probe (programId) VALUES (NULL), (99)");
    await db.query("INSERT INTO Probe (programId, probe) VALUES (1, '2001-01-01 00:00:00')");
    const kept = (await probes(db)).at(-1);
    await using session = await connect(targetOf(db));
    const facts = await factsFor(session, times);
    const statement = render(times, facts);
    expect(statement.effect).toBe(
      "sets probe in 12 rows of Probe to Program.at, or to '1970-01-02' if that is NULL or not a valid timestamp",
    );
    expect(await send(session, statement)).toEqual([]);

    const none: string[] = Array.from({ length: 4 }, () => "1970-01-01 23:00:00");
    expect(await probes(db)).toEqual([
      "2023-07-01 10:00:00",
      "2023-02-01 11:00:00",
      "2023-03-26 01:00:00",
      ...none,
      "2038-01-19 03:14:07",
      ...none,
      kept,
    ]);
    expect(inspect(times, await factsFor(session, times)).state).toBe("present");
    expect(await db.query("SELECT COUNT(*) AS n FROM Probe WHERE touched IS NOT NULL")).toEqual([{ n: 0 }]);
  });

  test("continues until no NULL is left, a thousand rows at a time", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await prepare(db, [null]);
    for (let rows = 1; rows < 12_000; rows *= 2) await db.query("INSERT INTO Probe (programId) SELECT 0 FROM Probe");
    const statement = render(words, await factsFor(session, words));
    expect(statement.effect).toBe("sets word in 16,384 rows of Probe to 'none'");
    const batches: number[] = [];
    await fillInBatches(session, fillOf(statement), { ...still, filled: (rows) => batches.push(rows) });
    expect(batches).toEqual([...Array.from({ length: 16 }, (_, at) => 1_000 * (at + 1)), 16_384]);
    expect(await db.query("SELECT word, COUNT(*) AS n FROM Probe GROUP BY word")).toEqual([
      { word: "none", n: 16_384 },
    ]);
  });

  test("locks no row that it does not fill, and none of another table", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await using other = await connect(targetOf(db));
    await prepare(db, ["2023-07-01 12:00:00", "2023-07-02 12:00:00"]);
    await db.query("INSERT INTO Probe (probeId, programId, probe, word) VALUES (7, 0, '2001-01-01', 'own')");
    await other.run("START TRANSACTION");
    await other.rows("SELECT * FROM Program FOR UPDATE");
    await other.rows("SELECT * FROM Probe WHERE probeId = 7 FOR UPDATE");
    for (const step of [times, words]) await send(session, render(step, await factsFor(session, step)));
    await other.run("ROLLBACK");
    expect(await db.query("SELECT COUNT(*) AS n FROM Probe WHERE probe IS NULL OR word IS NULL")).toEqual([{ n: 0 }]);
  });

  test("fills the rows around a locked one, and that one when it is free", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await using other = await connect(targetOf(db));
    await prepare(
      db,
      Array.from({ length: 300 }, () => null),
    );
    await other.run("START TRANSACTION");
    await other.rows("SELECT * FROM Probe WHERE probeId = 150 FOR UPDATE");
    await session.run("SET SESSION innodb_lock_wait_timeout = 1");
    const statement = render(words, await factsFor(session, words));
    const free: unknown[] = [];
    await fillInBatches(session, fillOf(statement), {
      ...still,
      busy: async () => {
        free.push(...(await db.query("SELECT probeId FROM Probe WHERE word IS NULL")));
        await other.run("ROLLBACK");
      },
    });
    expect(free).toEqual([{ probeId: 150 }]);
    expect(await db.query("SELECT COUNT(*) AS n FROM Probe WHERE word IS NULL")).toEqual([{ n: 0 }]);
  });

  test.each([
    ["a number beyond 2^53", "id bigint unsigned PRIMARY KEY", ["18446744073709551615", "18446744073709551614", "1"]],
    ["a text", "id varchar(20) CHARACTER SET latin1 PRIMARY KEY", ["'b'", "'a''s'", "'Ã©'", "'\\\\'"]],
    ["bytes", "id binary(4) PRIMARY KEY", ["x'00ff2700'", "x'5c000000'"]],
    ["a day", "id date PRIMARY KEY", ["'2024-02-29'", "'1000-01-01'"]],
    [
      "several columns",
      "id int, part char(3) COLLATE utf8mb4_bin, PRIMARY KEY (id, part)",
      ["1, 'a'", "1, 'b'", "2, ''"],
    ],
  ])("by a primary key that is %s", async (_, columns, keys) => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await db.query(
      `CREATE TABLE Probe (${columns.replace("PRIMARY KEY (", "word varchar(9), PRIMARY KEY (").replace(/PRIMARY KEY$/, "PRIMARY KEY, word varchar(9)")}) ENGINE=InnoDB`,
    );
    const names = columns.includes("part") ? "id, part" : "id";
    for (const key of keys) await db.query(`INSERT INTO Probe (${names}) VALUES (${key})`);
    const statement = render(words, await factsFor(session, words));
    const one = { ...fillOf(statement) };
    await fillInBatches(session, one, still);
    expect(await db.query("SELECT word, COUNT(*) AS n FROM Probe GROUP BY word")).toEqual([
      { word: "none", n: keys.length },
    ]);
  });

  test.each([
    ["no primary key", "id int", "table Probe has no primary key"],
    ["a key of floats", "id double PRIMARY KEY", "table Probe has id in its primary key, double"],
    [
      "a key of beginnings",
      "id varchar(40), PRIMARY KEY (id(4))",
      "table Probe has id in its primary key, of which only 4 characters count",
    ],
  ])("a table with %s is refused if it has NULLs", async (_, columns, problem) => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await db.query(`CREATE TABLE Probe (word varchar(9), ${columns}) ENGINE=InnoDB`);
    expect(inspect(words, await factsFor(session, words)).state).toBe("present");
    await db.query("INSERT INTO Probe (id) VALUES (1)");
    const verdict = inspect(words, await factsFor(session, words));
    const found =
      verdict.state === "conflict" ? verdict.conflicts.map(({ difference }) => formatDifference(difference)) : [];
    expect(found).toEqual([`${problem}; wanted: a primary key by which rows are filled a few at a time`]);
  });

  test("triggers that it fires are named", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await prepare(db, [null]);
    await db.query("CREATE TRIGGER counts BEFORE UPDATE ON Probe FOR EACH ROW SET @seen = 1");
    await db.query("CREATE TRIGGER inserts BEFORE INSERT ON Probe FOR EACH ROW SET @seen = 2");
    expect(render(words, await factsFor(session, words)).effect).toBe(
      "sets word in 1 row of Probe to 'none'; each row fires the trigger counts",
    );
  });

  test("is done on a NOT NULL column, with or without zero dates, and needs every column that it names", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await prepare(db, []);
    await db.query("ALTER TABLE Probe ADD COLUMN day datetime NOT NULL, DROP COLUMN programId");
    await db.query("INSERT INTO Probe (day) VALUES ('0000-00-00 00:00:00')");
    const days = fillNulls("Probe", "day", { literal: "'1970-01-02'" });
    const facts = await factsFor(session, days);
    expect(inspect(days, facts)).toEqual({ state: "present", notices: [] });
    expect(await count(session, probe(days, facts))).toBe(1);
    expect(inspect(times, await factsFor(session, times)).state).toBe("conflict");
  });
});
