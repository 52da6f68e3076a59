/** A key changes its rule, and nothing else about it does. */
import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { changeDeleteRule, parent } from "../../src/steps/author.ts";
import { inspect, probe, render, undo } from "../../src/steps/index.ts";
import { targetOf } from "../migrate/upgrade.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { count, factsFor, send, takeBack } from "./play.ts";

const step = changeDeleteRule("Probe", {
  name: "Probe_fk_dataCollectionId",
  ...parent("DataCollection", "dataCollectionId"),
  onDelete: { whereCascading: "CASCADE" },
});
const create =
  "CREATE TABLE Probe (probeId int PRIMARY KEY AUTO_INCREMENT, dataCollectionId int unsigned, " +
  "CONSTRAINT probe_fk FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId) ON UPDATE CASCADE) ENGINE=InnoDB";

onEveryServer("changing a delete rule", (lane) => {
  test("keeps the index that the server made for the old key, and the rule for updates", async () => {
    await using db = await freshDatabase(lane, "official");
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

    await takeBack(session, undo(step, await factsFor(session, step), statement.before ?? {}));
    expect((await factsFor(session, step)).catalog.tables["Probe"]?.foreignKeys).toMatchObject([
      { name: "probe_fk", onDelete: "RESTRICT", onUpdate: "CASCADE" },
    ]);
  });

  test("is not owed where this database restricts, or where the key has a rule already", async () => {
    await using db = await freshDatabase(lane, "official");
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

  test("counts rows without a parent, which a key that was made with checks off may have", async () => {
    await using db = await freshDatabase(lane, "official");
    await using session = await connect(targetOf(db));
    await db.query(create);
    await db.query("SET foreign_key_checks = 0");
    await db.query("INSERT INTO Probe (dataCollectionId) VALUES (1), (999), (NULL)");
    const { guard } = render(step, await factsFor(session, step));
    expect(await count(session, guard?.sql ?? "")).toBe(1);
  });

  test("a key that is missing altogether is a conflict that says how to add it", async () => {
    await using db = await freshDatabase(lane, "official");
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
