/** Lookup rows: an id that is taken is the facility's, and what the facility made of ours is a loss. */
import { expect, test } from "vitest";
import { spellDifference } from "../../src/catalog/difference.ts";
import { connect } from "../../src/db/connect.ts";
import { insertRows } from "../../src/steps/author.ts";
import { inspect, render, undo } from "../../src/steps/index.ts";
import { targetOf } from "../migrate/upgrade.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { count, factsFor, send, takeBack } from "./play.ts";

const step = insertRows("Probe", "probeId", [
  { probeId: 1, name: "one", rank: 1 },
  { probeId: 2, name: "two", rank: null },
  { probeId: 3, name: "drei µ", rank: 3 },
  { probeId: 4, name: "four", rank: 4 },
]);
const create =
  "CREATE TABLE Probe (probeId int PRIMARY KEY AUTO_INCREMENT, name varchar(20) NOT NULL, `rank` tinyint, more int) ENGINE=InnoDB DEFAULT CHARSET=latin1";

onEveryServer("lookup rows", (lane) => {
  test("only the missing ids are inserted, and the rest is never touched", async () => {
    await using db = await freshDatabase(lane, "empty");
    await using session = await connect(targetOf(db));
    await db.query(create);
    await db.query("INSERT INTO Probe VALUES (1, 'ONE', 1, 7), (3, 'mine', NULL, 7), (9, 'mine too', 9, 7)");
    const statement = render(step, await factsFor(session, step));
    expect(statement.before).toEqual({ ids: [2, 4] });
    await send(session, statement);

    const verdict = inspect(step, await factsFor(session, step));
    if (verdict.state !== "present") expect.fail(verdict.state);
    expect(verdict.notices.map(spellDifference)).toEqual([
      "row Probe 1, name: ONE instead of one",
      "row Probe 3, name: mine instead of drei µ",
      "row Probe 3, rank: null instead of 3",
    ]);
    await takeBack(session, undo(step, await factsFor(session, step), statement.before ?? {}));
    expect(await db.query("SELECT probeId FROM Probe")).toEqual([{ probeId: 1 }, { probeId: 3 }, { probeId: 9 }]);
  });

  test("what nobody changed is no loss, down to the case of a letter", async () => {
    await using db = await freshDatabase(lane, "empty");
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

  test("a table without one of the columns is a conflict", async () => {
    await using db = await freshDatabase(lane, "empty");
    await using session = await connect(targetOf(db));
    await db.query(create);
    await db.query("ALTER TABLE Probe DROP COLUMN name");
    expect(inspect(step, await factsFor(session, step)).state).toBe("conflict");
  });
});
