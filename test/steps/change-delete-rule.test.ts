/** The step changes only the delete rule of a key. */
import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { changeDeleteRule, parent } from "../../src/steps/define.ts";
import { guard, inspect, probe, render, undo } from "../../src/steps/index.ts";
import { onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { targetOf } from "../support/upgrade.ts";
import { count, factsFor, send, sendUndo } from "./play.ts";

const step = changeDeleteRule("Probe", {
  name: "Probe_fk_dataCollectionId",
  ...parent("DataCollection", "dataCollectionId"),
  onDelete: { whereCascading: "CASCADE" },
});
const create =
  "CREATE TABLE Probe (probeId int PRIMARY KEY AUTO_INCREMENT, dataCollectionId int unsigned, " +
  "CONSTRAINT probe_fk FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId) ON UPDATE CASCADE) ENGINE=InnoDB";

onEveryServer("changing a delete rule", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("keeps the index that the server made for the old key, and the rule for updates", async () => {
    await using db = await makeDatabase("official");
    await using session = await connect(targetOf(db));
    await db.query(create);
    const statement = render(step, await factsFor(session, step));
    await send(session, statement);
    const table = (await factsFor(session, step)).catalog.tables["Probe"];
    expect(table?.indexes.map((index) => index.name).toSorted()).toEqual(["PRIMARY", "probe_fk"]);
    expect(table?.foreignKeys).toMatchObject([
      { name: "Probe_fk_dataCollectionId", onDelete: "CASCADE", onUpdate: "CASCADE" },
    ]);
    await db.query("INSERT INTO Probe (dataCollectionId) VALUES (6)");
    await db.query("DELETE FROM DataCollection WHERE dataCollectionId = 6");
    expect(await db.query("SELECT * FROM Probe")).toEqual([]);

    await sendUndo(session, undo(step, await factsFor(session, step), statement.before ?? {}));
    expect((await factsFor(session, step)).catalog.tables["Probe"]?.foreignKeys).toMatchObject([
      { name: "probe_fk", onDelete: "RESTRICT", onUpdate: "CASCADE" },
    ]);
  });

  const spellings = ["", "RESTRICT", "NO ACTION"];
  test.each(spellings.flatMap((onDelete) => spellings.map((onUpdate) => [onDelete, onUpdate] as const)))(
    "its undo gives back the text of a key with ON DELETE '%s' and ON UPDATE '%s'",
    async (...words) => {
      await using db = await makeDatabase("official");
      await using session = await connect(targetOf(db));
      const clauses = ["DELETE", "UPDATE"].map((event, at) => (words[at] === "" ? "" : ` ON ${event} ${words[at]}`));
      await db.query(create.replace(" ON UPDATE CASCADE", clauses.join("")));
      const shown = async () => await db.query("SHOW CREATE TABLE Probe");
      const before = await shown();
      const statement = render(step, await factsFor(session, step));
      await send(session, statement);
      expect(await shown()).not.toEqual(before);
      // As the journal keeps it.
      const kept = JSON.parse(JSON.stringify(statement.before)) as NonNullable<typeof statement.before>;
      await sendUndo(session, undo(step, await factsFor(session, step), kept));
      expect(await shown()).toEqual(before);
    },
  );

  test("is not pending if this database restricts, or if the key has another rule already", async () => {
    await using db = await makeDatabase("official");
    await using session = await connect(targetOf(db));
    await db.query(create.replace("ON UPDATE CASCADE", "ON DELETE SET NULL"));
    expect(inspect(step, await factsFor(session, step))).toEqual({ state: "present", notices: [] });
    await db.query("ALTER TABLE DataCollection DROP FOREIGN KEY DataCollection_ibfk_3");
    await db.query("DROP TABLE Probe");
    await db.query(create);
    const facts = await factsFor(session, step);
    expect(inspect(step, facts)).toEqual({ state: "present", notices: [] });
    expect(await count(session, probe(step, facts))).toBe(1);
  });

  test("counts rows without a parent: a key created with foreign_key_checks off may have some", async () => {
    await using db = await makeDatabase("official");
    await using session = await connect(targetOf(db));
    await db.query(create);
    await db.query("SET foreign_key_checks = 0");
    await db.query("INSERT INTO Probe (dataCollectionId) VALUES (1), (999), (NULL)");
    const statement = render(step, await factsFor(session, step));
    expect(await count(session, statement.guards?.[0]?.sql ?? "")).toBe(1);
  });

  test("changes every key with RESTRICT on the same columns and restores it; a key with another rule stays", async () => {
    await using db = await makeDatabase("official");
    await using session = await connect(targetOf(db));
    await db.query(create);
    const more = (name: string, rule: string) =>
      `ALTER TABLE Probe ADD CONSTRAINT ${name} FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId) ${rule}`;
    await db.query(more("twin", "ON DELETE RESTRICT"));
    await db.query(more("Alien", "ON DELETE SET NULL"));
    const rules = async () => {
      const keys = (await factsFor(session, step)).catalog.tables["Probe"]?.foreignKeys ?? [];
      return keys.map(({ name, onDelete, onUpdate }) => `${name} ${onDelete} ${onUpdate}`).toSorted();
    };
    const found = await rules();
    const statement = render(step, await factsFor(session, step));
    await send(session, statement);
    const own = ["Probe_fk_dataCollectionId CASCADE CASCADE", "Probe_fk_dataCollectionId_2 CASCADE RESTRICT"];
    expect(await rules()).toEqual(["Alien SET NULL RESTRICT", ...own]);
    expect(inspect(step, await factsFor(session, step)).state).toBe("present");

    await sendUndo(session, undo(step, await factsFor(session, step), statement.before ?? {}));
    expect(await rules()).toEqual(found);
  });

  test("if the key is changed already, rows without a parent are still counted, and the undo sets it back to RESTRICT", async () => {
    await using db = await makeDatabase("official");
    await using session = await connect(targetOf(db));
    await db.query(create);
    await send(session, render(step, await factsFor(session, step)));
    await session.run("SET SESSION foreign_key_checks = 0");
    await session.run("INSERT INTO Probe (dataCollectionId) VALUES (999)");
    await session.run("SET SESSION foreign_key_checks = 1");
    const counted = guard(step, await factsFor(session, step)) ?? expect.fail("nothing is counted");
    expect(await count(session, counted.sql)).toBe(1);
    await send(session, counted.undo);
    expect(inspect(step, await factsFor(session, step))).toEqual({ state: "absent" });
  });

  test("a journal without the previous key is an error", async () => {
    await using db = await makeDatabase("official");
    await using session = await connect(targetOf(db));
    await db.query(create.replace("ON UPDATE CASCADE", "ON DELETE CASCADE"));
    const facts = await factsFor(session, step);
    for (const before of [{}, { foreignKeys: [] }, { foreignKeys: [{ name: "probe_fk" }] }])
      expect(() => undo(step, facts, before)).toThrow(expect.objectContaining({ code: "HISTORY_CHANGED" }));
  });

  test("a missing key is a conflict with the statement that adds it", async () => {
    await using db = await makeDatabase("official");
    await using session = await connect(targetOf(db));
    await db.query(create);
    await db.query("ALTER TABLE Probe DROP FOREIGN KEY probe_fk");
    const verdict = inspect(step, await factsFor(session, step));
    if (verdict.state !== "conflict") expect.fail(verdict.state);
    const [conflict] = verdict.conflicts;
    await send(session, conflict?.add ?? expect.fail("no statement"));
    expect(inspect(step, await factsFor(session, step))).toEqual({ state: "present", notices: [] });
  });
});
