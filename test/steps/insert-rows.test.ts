/** Lookup rows: an existing row with our id belongs to the facility; a changed row of ours is a loss for `down`. */
import { expect, test } from "vitest";
import { formatDifference } from "../../src/catalog/difference.ts";
import { connect } from "../../src/db/connect.ts";
import { counted } from "../../src/plural.ts";
import { insertRows } from "../../src/steps/define.ts";
import { inspect, render, undo } from "../../src/steps/index.ts";
import { onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { targetOf } from "../support/upgrade.ts";
import { count, factsFor, send, sendUndo } from "./play.ts";

const step = insertRows("Probe", "probeId", [
  { probeId: 1, name: "one", rank: 1 },
  { probeId: 2, name: "two", rank: null },
  { probeId: 3, name: "drei µ", rank: 3 },
  { probeId: 4, name: "four", rank: 4 },
]);
const create =
  "CREATE TABLE Probe (probeId int PRIMARY KEY AUTO_INCREMENT, name varchar(20) NOT NULL, `rank` tinyint, more int) ENGINE=InnoDB DEFAULT CHARSET=latin1";

onEveryServer("lookup rows", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("only the missing ids are inserted, and the rest is never touched", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await db.query(create);
    await db.query("INSERT INTO Probe VALUES (1, 'ONE', 1, 7), (3, 'mine', NULL, 7), (9, 'mine too', 9, 7)");
    const statement = render(step, await factsFor(session, step));
    expect(statement.before).toEqual({ ids: [2, 4] });
    await send(session, statement);

    const verdict = inspect(step, await factsFor(session, step));
    if (verdict.state !== "present") expect.fail(verdict.state);
    expect(verdict.notices.map(formatDifference)).toEqual([
      "row 1 of Probe, name: ONE instead of one",
      "row 3 of Probe, name: mine instead of drei µ",
      "row 3 of Probe, rank: NULL instead of 3",
    ]);
    await sendUndo(session, undo(step, await factsFor(session, step), statement.before ?? {}));
    expect(await db.query("SELECT probeId FROM Probe")).toEqual([{ probeId: 1 }, { probeId: 3 }, { probeId: 9 }]);
  });

  test("an unchanged row is no loss; a change of one letter's case is", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await db.query(create);
    const statement = render(step, await factsFor(session, step));
    await send(session, statement);
    const lost = async () => {
      const { loss } = undo(step, await factsFor(session, step), statement.before ?? {});
      return count(session, `SELECT COUNT(*) AS n FROM Probe WHERE ${loss?.where}`);
    };
    expect(await lost()).toBe(0);
    await db.query("UPDATE Probe SET name = 'One' WHERE probeId = 1");
    await db.query("UPDATE Probe SET `rank` = 2 WHERE probeId = 2");
    await db.query("UPDATE Probe SET `rank` = NULL WHERE probeId = 4");
    expect(await lost()).toBe(3);
  });

  test("rows that refer to our rows by any key are counted; rows that refer to other rows are not", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await db.query(create.replace("name varchar(20) NOT NULL", "name varchar(20) NOT NULL UNIQUE"));
    await db.query("INSERT INTO Probe VALUES (1, 'ONE', 1, 7)");
    await db.query(
      "CREATE TABLE Note (probeId int, name varchar(20), CONSTRAINT Note_id FOREIGN KEY (probeId) REFERENCES Probe (probeId) ON DELETE CASCADE, " +
        "CONSTRAINT Note_name FOREIGN KEY (name) REFERENCES Probe (name) ON DELETE SET NULL) ENGINE=InnoDB DEFAULT CHARSET=latin1",
    );
    const statement = render(step, await factsFor(session, step));
    await send(session, statement);
    const refused = async () => {
      const { refusals = [] } = undo(step, await factsFor(session, step), statement.before ?? {});
      const counts: string[] = [];
      for (const { counts: what, sql } of refusals) {
        const n = await count(session, sql);
        if (n > 0) counts.push(counted(n, what));
      }
      return counts;
    };
    await db.query("INSERT INTO Note VALUES (1, 'ONE'), (NULL, NULL)");
    expect(await refused()).toEqual([]);
    await db.query("INSERT INTO Note VALUES (2, NULL), (3, 'ONE'), (1, 'four')");
    expect(await refused()).toEqual([
      "2 rows of Note with a reference (probeId) to rows of Probe that would be deleted",
      "1 row of Note with a reference (name) to rows of Probe that would be deleted",
    ]);
    await db.query("DELETE FROM Note");
    await db.query("UPDATE Probe SET more = 2");
    await db.query(
      "ALTER TABLE Probe ADD CONSTRAINT self FOREIGN KEY (more) REFERENCES Probe (probeId) ON DELETE CASCADE",
    );
    // Four rows refer to the row; three of them are to be deleted themselves.
    expect(await refused()).toEqual(["1 row of Probe with a reference (more) to rows of Probe that would be deleted"]);
  });

  test("a journal without the ids of our rows is an error", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await db.query(create);
    const facts = await factsFor(session, step);
    for (const before of [{}, { ids: [] }, { ids: [9] }, { ids: "1" }])
      expect(() => undo(step, facts, before)).toThrow(expect.objectContaining({ code: "HISTORY_CHANGED" }));
  });

  test("a table without one of the columns is a conflict", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await db.query(create);
    await db.query("ALTER TABLE Probe DROP COLUMN name");
    expect(inspect(step, await factsFor(session, step)).state).toBe("conflict");
  });
});
