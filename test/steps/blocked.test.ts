/** Objects of the facility that depend on a step block its undo. */
import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { addColumn, addIndex, column, createTable, key, primary, serial } from "../../src/steps/define.ts";
import { undo } from "../../src/steps/index.ts";
import type { Step } from "../../src/steps/step.ts";
import { onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { targetOf } from "../support/upgrade.ts";
import { factsFor } from "./play.ts";

const table = createTable("Probe", {
  columns: [serial("probeId"), column("other", "int unsigned")],
  indexes: [primary("probeId")],
  foreignKeys: [],
});
const added = addColumn("Probe", column("added", "int unsigned"));
const indexed = addIndex("Probe", key("Probe_key", "added", "other"));

const cases: readonly {
  readonly name: string;
  readonly step: Step;
  readonly given: readonly string[];
  readonly blocked: readonly string[];
}[] = [
  {
    name: "a table that another one refers to, and that refers to itself",
    step: table,
    given: [
      "ALTER TABLE Probe DROP COLUMN added, ADD CONSTRAINT self FOREIGN KEY (other) REFERENCES Probe (probeId)",
      "CREATE TABLE Own (probeId int unsigned, CONSTRAINT Own_fk FOREIGN KEY (probeId) REFERENCES Probe (probeId)) ENGINE=InnoDB",
    ],
    blocked: ["Own.Own_fk", "Probe.self", "Probe.self"],
  },
  {
    name: "a table with a key and a check of the facility's own; its column is saved and comes back",
    step: table,
    given: ["ALTER TABLE Probe ADD KEY own_key (other), ADD CONSTRAINT own_check CHECK (other > 0 OR other IS NULL)"],
    blocked: ["Probe.own_key", "Probe.own_check"],
  },
  {
    name: "a table with a column of the facility's own and nothing else",
    step: table,
    given: ["ALTER TABLE Probe MODIFY added varchar(20)"],
    blocked: [],
  },
  {
    name: "a table that was changed since",
    step: table,
    given: ["ALTER TABLE Probe MODIFY other varchar(20)"],
    blocked: ["Probe.other"],
  },
  {
    name: "a column with a key, a foreign key on either side, a check and a generated column",
    step: added,
    given: [
      "ALTER TABLE Probe ADD UNIQUE KEY Probe_added (added), ADD CONSTRAINT Probe_fk FOREIGN KEY (added) REFERENCES Probe (probeId)",
      "ALTER TABLE Probe ADD CONSTRAINT Probe_check CHECK (added > 0 OR added IS NULL)",
      "ALTER TABLE Probe ADD twice int unsigned AS (other * 2) VIRTUAL, ADD half int unsigned AS (added / 2) VIRTUAL",
      "CREATE TABLE Own (added int unsigned, CONSTRAINT Own_fk FOREIGN KEY (added) REFERENCES Probe (added)) ENGINE=InnoDB",
    ],
    blocked: ["Probe.Probe_added", "Probe.Probe_fk", "Own.Own_fk", "Probe.Probe_check", "Probe.half"],
  },
  {
    name: "a column without dependants",
    step: added,
    given: ["ALTER TABLE Probe ADD KEY Probe_other (other)"],
    blocked: [],
  },
  {
    name: "the only key that serves a foreign key",
    step: indexed,
    given: [
      "ALTER TABLE Probe ADD KEY Probe_key (added, other)",
      "ALTER TABLE Probe ADD CONSTRAINT Probe_fk FOREIGN KEY (added) REFERENCES Probe (probeId)",
    ],
    blocked: ["Probe.Probe_fk"],
  },
  {
    name: "a key that another key can replace",
    step: indexed,
    given: [
      "ALTER TABLE Probe ADD KEY Probe_key (added, other)",
      "ALTER TABLE Probe ADD CONSTRAINT Probe_fk FOREIGN KEY (added) REFERENCES Probe (probeId), ADD KEY Own_key (added)",
    ],
    blocked: [],
  },
];

onEveryServer("blocked", (lane) => {
  const makeDatabase = sharedServer(lane);

  test.each(cases)("$name", async ({ step, given, blocked }) => {
    await using db = await makeDatabase("empty");
    await db.query(
      "CREATE TABLE Probe (probeId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, other int unsigned, added int unsigned) " +
        "ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci",
    );
    for (const statement of given) await db.query(statement);
    await using session = await connect(targetOf(db));
    const undone = undo(step, await factsFor(session, step), {});
    expect(undone.blocked.map(({ object }) => object)).toEqual(blocked);
    const statement = undone.statement?.sql ?? "";
    // The server itself refuses most of these, but it silently drops a key or a check of one column.
    if (blocked.length === 0) await session.run(statement);
    else if (blocked.some((object) => object.endsWith("_fk")))
      await expect(session.run(statement)).rejects.toThrow(/./);
  });
});
