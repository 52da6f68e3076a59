/** The source of a missing time, in any time zone of the server. */
import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { fillNulls } from "../../src/steps/define.ts";
import { inspect, probe, render } from "../../src/steps/index.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { targetOf } from "../support/upgrade.ts";
import { count, factsFor, send } from "./play.ts";

const times = fillNulls("Probe", "probe", {
  literal: "'1970-01-02'",
  from: { table: "Program", column: "at", by: "programId" },
});
const words = fillNulls("Probe", "word", { literal: "'none'" });

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

  test("continues until no NULL is left, a few thousand rows at a time", async () => {
    await using db = await freshDatabase(lane, "empty");
    await using session = await connect(targetOf(db));
    await prepare(db, [null]);
    for (let rows = 1; rows < 12_000; rows *= 2) await db.query("INSERT INTO Probe (programId) SELECT 0 FROM Probe");
    const statement = render(words, await factsFor(session, words));
    expect(statement).toMatchObject({ repeats: true, effect: "sets word in 16,384 rows of Probe to 'none'" });
    expect((await session.run(statement.sql)).affectedRows).toBeLessThan(10_000);
    await send(session, statement);
    expect(await db.query("SELECT word, COUNT(*) AS n FROM Probe GROUP BY word")).toEqual([
      { word: "none", n: 16_384 },
    ]);
  });

  test("is done on a NOT NULL column, with or without zero dates, and needs every column that it names", async () => {
    await using db = await freshDatabase(lane, "empty");
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
