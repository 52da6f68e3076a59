/**
 * What a facility's table has decides how lightly it can be changed. In each form, each kind of step and its undo are
 * sent as predicted, and the server refuses everything lighter: no plan promises what the server will not do.
 */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { connect } from "../../src/db/connect.ts";
import type { Db } from "../../src/db/db.ts";
import { asideOf, isMovable, putAside, putBack } from "../../src/plan/set-aside.ts";
import type { Facts, Statement } from "../../src/steps/contract.ts";
import {
  addColumn,
  addEnumValue,
  addForeignKey,
  addIndex,
  changeColumn,
  changeDeleteRule,
  column,
  key,
} from "../../src/steps/define.ts";
import { inspect, render, undo } from "../../src/steps/index.ts";
import type { Step } from "../../src/steps/step.ts";
import { onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { targetOf } from "../support/upgrade.ts";
import { expectNoLighterWay, factsFor, send, sendUndo } from "./play.ts";

interface Form {
  readonly name: string;
  /** Clauses that give the table this form, in statements of their own. */
  readonly clauses: readonly string[];
  readonly vendor?: "mariadb" | "mysql";
}

const virtual = "ADD g varchar(50) GENERATED ALWAYS AS (left(cmd, 50)) VIRTUAL";
const stored = "ADD s varchar(50) GENERATED ALWAYS AS (left(cmd, 50)) STORED";
const point = "ADD pt point NOT NULL DEFAULT (point(0, 0))";
const spatial = [point, "ADD SPATIAL KEY sp (pt)"];

const forms: readonly Form[] = [
  { name: "plain", clauses: [] },
  { name: "a virtual column", clauses: [virtual] },
  { name: "a virtual column with a key", clauses: [virtual, "ADD KEY kg (g)"] },
  { name: "a virtual column with a unique key", clauses: [virtual, "ADD UNIQUE KEY kg (g, id)"] },
  { name: "a stored column", clauses: [stored] },
  { name: "a stored column with a key", clauses: [stored, "ADD KEY ks (s)"] },
  { name: "a key on an expression", clauses: ["ADD KEY ke ((left(cmd, 50)))"], vendor: "mysql" },
  { name: "a long unique key", clauses: ["ADD note text", "ADD UNIQUE KEY un (note)"], vendor: "mariadb" },
  { name: "a unique key USING HASH", clauses: ["ADD UNIQUE KEY uh (cmd) USING HASH"], vendor: "mariadb" },
  { name: "a FULLTEXT key", clauses: ["ADD FULLTEXT KEY ft (cmd)"] },
  { name: "a FULLTEXT key on a stored column", clauses: [stored, "ADD FULLTEXT KEY ft (s)"] },
  { name: "a FULLTEXT key and a virtual column", clauses: [virtual, "ADD FULLTEXT KEY ft (cmd)"] },
  { name: "a SPATIAL key", clauses: spatial },
  { name: "ROW_FORMAT=COMPRESSED", clauses: ["ROW_FORMAT=COMPRESSED"] },
  { name: "ROW_FORMAT=COMPRESSED and a virtual column", clauses: [virtual, "ROW_FORMAT=COMPRESSED"] },
  { name: "ROW_FORMAT=COMPRESSED and a SPATIAL key", clauses: [...spatial, "ROW_FORMAT=COMPRESSED"] },
  { name: "page compression", clauses: ["PAGE_COMPRESSED=1"], vendor: "mariadb" },
  { name: "a compressed column", clauses: ["ADD notes text COMPRESSED"], vendor: "mariadb" },
  { name: "a CHECK on a number", clauses: ["ADD number int", "ADD CONSTRAINT ck CHECK (number < 9)"] },
  { name: "a CHECK on an enum", clauses: ["ADD CONSTRAINT ck CHECK (grade <> 3)"] },
  { name: "a CHECK on times", clauses: ["ADD a datetime, ADD b datetime", "ADD CONSTRAINT ck CHECK (b >= a)"] },
];

const create =
  "CREATE TABLE Probe (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, cmd varchar(255), short varchar(80), " +
  "grade enum('a','b') NULL, dataCollectionId int unsigned, other int unsigned, KEY k_other (other), KEY k_dc (dataCollectionId), " +
  "CONSTRAINT probe_fk FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId)) " +
  "ENGINE=InnoDB DEFAULT CHARSET=latin1";

const insert = "INSERT INTO Probe (cmd, short, grade, dataCollectionId) VALUES ('x', 'y', 'a', 1), ('z', 'w', 'b', 2)";

const parent = { table: "DataCollection", columns: ["dataCollectionId"] } as const;

const newColumn = addColumn("Probe", column("added", "int unsigned"));

const steps: readonly Step[] = [
  newColumn,
  addEnumValue("Probe", "grade", "c"),
  changeColumn("Probe", column("short", "varchar(100)")),
  changeColumn("Probe", column("grade", "enum('a','b')", { nullable: false })),
  addIndex("Probe", key("added_key", "short")),
  addForeignKey("Probe", {
    name: "added_fk",
    columns: ["other"],
    parent,
    onDelete: { whereCascading: "SET NULL" },
  }),
  changeDeleteRule("Probe", {
    name: "changed_fk",
    columns: ["dataCollectionId"],
    parent,
    onDelete: { whereCascading: "CASCADE" },
  }),
];

function readFacts(db: Db, step: Step): Promise<Facts> {
  return factsFor(db, step, [], ["Probe", "DataCollection", "DataCollectionGroup"]);
}

async function apply(db: Db, step: Step): Promise<Statement> {
  const facts = await readFacts(db, step);
  const statement = render(step, facts);
  await expectNoLighterWay(db, statement, facts.dialect);
  await send(db, statement);
  return statement;
}

/** Undoes the step; a column that would be dropped is renamed and back before. */
async function takeBack(db: Db, step: Step, { before = {} }: Statement): Promise<void> {
  const made = await readFacts(db, step);
  expect(inspect(step, made).state).toBe("present");
  if (isMovable(step)) {
    await send(db, putAside([step], made));
    const aside = await readFacts(db, step);
    expect(inspect(asideOf(step), aside).state).toBe("present");
    await send(db, putBack([step], aside));
  }
  const undone = undo(step, await readFacts(db, step), JSON.parse(JSON.stringify(before)) as Record<string, unknown>);
  // Under its lock, a table refuses other algorithms for another reason.
  if (undone.hold !== "lock" && undone.statement !== undefined)
    await expectNoLighterWay(db, undone.statement, made.dialect);
  await sendUndo(db, undone);
}

onEveryServer("a table with", (lane) => {
  const makeDatabase = sharedServer(lane);
  const here = forms.filter(({ vendor = lane.vendor }) => vendor === lane.vendor);

  test.each(here)("$name", async ({ clauses }) => {
    await using db = await makeDatabase("official");
    for (const sql of [create, ...clauses.map((clause) => `ALTER TABLE Probe ${clause}`), insert]) await db.query(sql);
    await using session = await connect(targetOf(db));
    for (const step of steps) {
      const start = await readFacts(session, step);
      await takeBack(session, step, await apply(session, step));
      expect(compareCatalogs(start.catalog, (await readFacts(session, step)).catalog)).toEqual([]);
    }
  });

  test.each(here)("$name, given to it after our column", async ({ clauses }) => {
    await using db = await makeDatabase("official");
    await db.query(create);
    await using session = await connect(targetOf(db));
    const statement = await apply(session, newColumn);
    for (const sql of [...clauses.map((clause) => `ALTER TABLE Probe ${clause}`), insert]) await db.query(sql);
    await takeBack(session, newColumn, statement);
    expect(inspect(newColumn, await readFacts(session, newColumn)).state).toBe("absent");
  });
});
