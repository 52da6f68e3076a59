/** The list belongs to the facility: `up` appends one value, and `down` removes only that value. */
import { expect, test } from "vitest";
import { formatDifference } from "../../src/catalog/difference.ts";
import { connect } from "../../src/db/connect.ts";
import { addEnumValue } from "../../src/steps/define.ts";
import { inspect, probe, render, undo } from "../../src/steps/index.ts";
import { onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { targetOf } from "../support/upgrade.ts";
import { count, factsFor, send, sendUndo } from "./play.ts";

const step = addEnumValue("Probe", "probe", "Debug");
const create = (definition: string) =>
  `CREATE TABLE Probe (probeId int PRIMARY KEY AUTO_INCREMENT, probe ${definition}) ENGINE=InnoDB DEFAULT CHARSET=latin1`;

onEveryServer("a value of an enum", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("is appended to the facility's list, and removed from the list as it is at the undo", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await db.query(create("enum('Log','mine')"));
    await send(session, render(step, await factsFor(session, step)));
    await db.query("ALTER TABLE Probe MODIFY probe enum('Log','mine','Debug','later')");
    await db.query("INSERT INTO Probe (probe) VALUES ('mine'), ('Debug'), ('later'), (NULL)");

    const undone = undo(step, await factsFor(session, step), {});
    expect(undone.statement?.online).toEqual({ algorithm: "COPY", lock: "SHARED" });
    expect(undone.loss?.what).toBe("values 'Debug' of Probe.probe");
    expect(await count(session, `SELECT COUNT(*) AS n FROM Probe WHERE ${undone.loss?.where}`)).toBe(1);
    await sendUndo(session, undone);
    const { catalog } = await factsFor(session, step);
    expect(catalog.tables["Probe"]?.columns[1]?.type).toBe("enum('Log','mine','later')");
    const rows = await db.query<{ probe: string | null }>("SELECT probe FROM Probe ORDER BY probeId");
    expect(rows.map((row) => row.probe)).toEqual(["mine", null, "later", null]);
  });

  test("is replaced in rows by the default, or by the first value, if NULL is not allowed", async () => {
    for (const [definition, replacement] of [
      ["enum('Log','Result') NOT NULL DEFAULT 'Result'", "Result"],
      ["enum('Log','Result') NOT NULL", "Log"],
    ] as const) {
      await using db = await makeDatabase("empty");
      await using session = await connect(targetOf(db));
      await db.query(create(definition));
      await send(session, render(step, await factsFor(session, step)));
      await db.query("INSERT INTO Probe (probe) VALUES ('Debug')");
      const undone = undo(step, await factsFor(session, step), {});
      expect(undone.remains).toBe(`sets probe to '${replacement}' in rows of Probe with 'Debug'`);
      await sendUndo(session, undone);
      expect(await db.query("SELECT probe FROM Probe")).toEqual([{ probe: replacement }]);
    }
  });

  test("is present in another spelling, unless the column's collation distinguishes the two", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await db.query(create("enum('Log','DEBUG')"));
    const verdict = inspect(step, await factsFor(session, step));
    if (verdict.state !== "present") expect.fail(verdict.state);
    expect(verdict.notices.map(formatDifference)).toEqual(["column Probe.probe, value: 'DEBUG' instead of 'Debug'"]);
    await db.query("ALTER TABLE Probe MODIFY probe enum('Log','DEBUG') CHARACTER SET latin1 COLLATE latin1_bin");
    expect(inspect(step, await factsFor(session, step)).state).toBe("absent");
  });

  test.each(["varchar(5)", "char(20) NOT NULL DEFAULT 'Log'", "tinytext", "longtext"])(
    "is there in a column of words, %s, and is left there",
    async (type) => {
      await using db = await makeDatabase("empty");
      await using session = await connect(targetOf(db));
      await db.query(create(type));
      const facts = await factsFor(session, step);
      const verdict = inspect(step, facts);
      expect(verdict.state === "present" ? verdict.notices.map(formatDifference) : verdict).toEqual([
        expect.stringMatching(/^column Probe.probe, type: .* instead of an enum with 'Debug'$/),
      ]);
      expect(await count(session, probe(step, facts))).toBe(1);
      expect(undo(step, facts, {})).toMatchObject({ blocked: [], after: facts.catalog });
      expect(undo(step, facts, {}).statement).toBeUndefined();
    },
  );

  test.each(["varchar(4)", "char(3)", "varbinary(20)", "set('Debug')"])("is not there in %s", async (type) => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await db.query(create(type));
    expect(inspect(step, await factsFor(session, step)).state).toBe("conflict");
  });

  test("cannot be removed while it is the default, and cannot be added to a column that is no enum", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await db.query(create("enum('Log','Debug') DEFAULT 'Debug'"));
    expect(undo(step, await factsFor(session, step), {}).blocked.map(formatDifference)).toEqual([
      "column Probe.probe has the default 'Debug', a value that is removed here: first give the column another default",
    ]);
    await db.query("ALTER TABLE Probe MODIFY probe int");
    expect(inspect(step, await factsFor(session, step)).state).toBe("conflict");
    await db.query("ALTER TABLE Probe DROP COLUMN probe");
    expect(inspect(step, await factsFor(session, step)).state).toBe("conflict");
  });
});
