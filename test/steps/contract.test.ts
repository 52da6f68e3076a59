/**
 * The contract of every kind of step, on every server: absent → applied → present → a second inspection changes
 * nothing → the projected catalog equals the server's → undone → as at the start. The probe for the stock client
 * agrees at each point.
 */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { connect } from "../../src/db/connect.ts";
import type { Warning } from "../../src/db/db.ts";
import {
  addColumn,
  addEnumValue,
  addForeignKey,
  addIndex,
  changeColumn,
  changeDeleteRule,
  column,
  createTable,
  fillNulls,
  insertRows,
  key,
  parent,
  primary,
  runSql,
  serial,
} from "../../src/steps/define.ts";
import { inspect, probe, project, render, stepKinds, undo } from "../../src/steps/index.ts";
import type { Step } from "../../src/steps/step.ts";
import { onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { targetOf } from "../support/upgrade.ts";
import { count, expectNoLighterWay, factsFor, send, sendUndo } from "./play.ts";

interface Case {
  readonly name: string;
  /** Sent before, so that the step has something to stand on. */
  readonly given?: readonly string[];
  readonly step: Step;
}

/** A table with a column to change, and a row in it. */
function probeTable(definition: string, value: string, options = "DEFAULT CHARSET=latin1"): string[] {
  return [
    `CREATE TABLE Probe (probeId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, ${definition}) ENGINE=InnoDB ${options}`,
    `INSERT INTO Probe (probe) VALUES (${value})`,
  ];
}

const strictKeys = [
  "CREATE TABLE Probe (probeId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, dataCollectionId int unsigned, parentProbeId int unsigned, " +
    "CONSTRAINT probe_fk FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId) ON DELETE RESTRICT ON UPDATE CASCADE, " +
    "KEY mine (parentProbeId), CONSTRAINT probe_self FOREIGN KEY (parentProbeId) REFERENCES Probe (probeId)) ENGINE=InnoDB",
  "INSERT INTO Probe (dataCollectionId, parentProbeId) VALUES (1, NULL), (2, 1)",
];

const notNullTimestamp = column("probe", "timestamp", { nullable: false, default: "current_timestamp()" });
const notNullEnum = column("probe", "enum('a','b')", { nullable: false });

const cases: readonly Case[] = [
  {
    name: "a table with keys, defaults, text columns and a convention to follow",
    step: createTable("Probe", {
      comment: "it's a probe; with `quotes`, \\ and ü",
      columns: [
        serial("probeId"),
        column("dataCollectionId", "int unsigned"),
        column("label", "varchar(80)", { nullable: false, default: "'a'", comment: "it's" }),
        column("flag", "tinyint(1)", { default: "0" }),
        column("amount", "double"),
        column("kind", "enum('ONE','two','it''s')"),
        column("words", "text"),
        column("at", "timestamp", { nullable: false, default: "current_timestamp()" }),
        column("small", "mediumint unsigned", { nullable: false, default: "7" }),
        column("uuid", "binary(16)"),
      ],
      indexes: [
        primary("probeId"),
        key("probe_dc", "dataCollectionId"),
        { name: "probe_label", kind: "unique", parts: [{ column: "label", prefix: 10 }] },
      ],
      foreignKeys: [
        { name: "probe_fk", ...parent("DataCollection", "dataCollectionId"), onDelete: { whereCascading: "CASCADE" } },
      ],
    }),
  },
  {
    name: "a number",
    step: addColumn("AutoProcProgram", column("probe", "int unsigned", { comment: "it's a probe" })),
  },
  {
    name: "a text with a default",
    step: addColumn("AutoProcProgram", column("probe", "varchar(20)", { nullable: false, default: "'x'" })),
  },
  { name: "sixteen bytes", step: addColumn("AutoProcProgram", column("probe", "binary(16)")) },
  {
    name: "a timestamp",
    step: addColumn(
      "AutoProcProgram",
      column("probe", "timestamp", { nullable: false, default: "current_timestamp()" }),
    ),
  },
  {
    name: "a column beside a FULLTEXT key, where nothing is instant",
    given: ["ALTER TABLE AutoProcProgram ADD FULLTEXT KEY probe_text (processingMessage)"],
    step: addColumn("AutoProcProgram", column("probe", "int unsigned")),
  },
  {
    name: "a column of a compressed table",
    given: ["ALTER TABLE AutoProcProgram ROW_FORMAT=COMPRESSED"],
    step: addColumn("AutoProcProgram", column("probe", "int unsigned")),
  },
  { name: "a key", step: addIndex("AutoProcProgram", key("probe_key", "processingStatus")) },
  {
    name: "a unique key on two columns, one in part",
    step: addIndex("SchemaStatus", {
      name: "probe_key",
      kind: "unique",
      parts: [{ column: "scriptName", prefix: 20 }, { column: "schemaStatusId" }],
    }),
  },
  {
    name: "a key that cascades",
    given: [
      "ALTER TABLE AutoProcProgram ADD COLUMN probe int unsigned",
      "ALTER TABLE AutoProcProgram ADD KEY probe_key (probe)",
    ],
    step: addForeignKey("AutoProcProgram", {
      name: "probe_fk",
      columns: ["probe"],
      parent: { table: "DataCollection", columns: ["dataCollectionId"] },
      onDelete: { whereCascading: "SET NULL" },
    }),
  },
  {
    name: "a key to the table itself",
    given: [
      "ALTER TABLE AutoProcProgram ADD COLUMN probe int unsigned",
      "ALTER TABLE AutoProcProgram ADD KEY probe_key (probe)",
    ],
    step: addForeignKey("AutoProcProgram", {
      name: "probe_fk",
      columns: ["probe"],
      parent: { table: "AutoProcProgram", columns: ["autoProcProgramId"] },
      onDelete: "RESTRICT",
    }),
  },
  {
    name: "a varchar that stays short",
    given: probeTable("probe varchar(100)", "'x'"),
    step: changeColumn("Probe", column("probe", "varchar(255)")),
  },
  {
    name: "a varchar that outgrows one length byte from below 128",
    given: probeTable("probe varchar(100) NOT NULL DEFAULT 'x' COMMENT 'it''s mine'", "'x'"),
    step: changeColumn("Probe", column("probe", "varchar(1024)", { nullable: false, default: "'x'" })),
  },
  {
    name: "a varchar that outgrows one length byte from above",
    given: probeTable("probe varchar(255)", "'x'"),
    step: changeColumn("Probe", column("probe", "varchar(1024)")),
  },
  {
    name: "a varchar of wide characters that has two length bytes already",
    given: probeTable("probe varchar(255)", "'x'", "DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci"),
    step: changeColumn("Probe", column("probe", "varchar(1024)")),
  },
  {
    name: "a varchar of wide characters that outgrows one length byte",
    given: probeTable("probe varchar(63)", "'x'", "DEFAULT CHARSET=utf8mb4"),
    step: changeColumn("Probe", column("probe", "varchar(64)")),
  },
  {
    name: "an enum that may no longer be NULL",
    given: probeTable("probe enum('a','b') NULL", "'a'"),
    step: changeColumn("Probe", notNullEnum),
  },
  {
    name: "a wider varchar that may no longer be NULL",
    given: probeTable("probe varchar(20) NULL, more int", "'x'"),
    step: changeColumn("Probe", column("probe", "varchar(80)", { nullable: false, default: "''" })),
  },
  {
    name: "a timestamp that may no longer be NULL",
    given: probeTable("probe timestamp NULL DEFAULT NULL", "'2023-02-01 10:00:00'"),
    step: changeColumn("Probe", notNullTimestamp),
  },
  {
    name: "a timestamp that may no longer be NULL, with a time as its default",
    given: probeTable("probe timestamp NULL DEFAULT '2020-01-01 00:00:00'", "'2023-02-01 10:00:00'"),
    step: changeColumn("Probe", column("probe", "timestamp", { nullable: false, default: "'2020-01-01 00:00:00'" })),
  },
  {
    name: "a timestamp that may no longer be NULL, beside a FULLTEXT key",
    given: probeTable("probe timestamp NULL DEFAULT current_timestamp, words text, FULLTEXT KEY (words)", "now()"),
    step: changeColumn("Probe", notNullTimestamp),
  },
  {
    name: "an enum that may no longer be NULL, beside a FULLTEXT key",
    given: probeTable("probe enum('a','b') NULL, words text, FULLTEXT KEY (words)", "'a'"),
    step: changeColumn("Probe", notNullEnum),
  },
  {
    name: "an enum that may no longer be NULL, in a compressed table",
    given: probeTable("probe enum('a','b') NULL", "'a'", "DEFAULT CHARSET=latin1 ROW_FORMAT=COMPRESSED"),
    step: changeColumn("Probe", notNullEnum),
  },
  { name: "one more value", step: addEnumValue("AutoProcProgramAttachment", "fileType", "Debug") },
  {
    name: "a value with a quote, after others that look like it",
    given: probeTable(
      "probe enum('a','it','x,''it''s''','b\\\\c','ü','IT''S') CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'a' COMMENT 'it''s mine', more int",
      "'a'",
    ),
    step: addEnumValue("Probe", "probe", "it's"),
  },
  {
    name: "a value beside a FULLTEXT key of a compressed table",
    given: probeTable(
      "probe enum('a','b'), words text, FULLTEXT KEY (words)",
      "'a'",
      "DEFAULT CHARSET=latin1 ROW_FORMAT=COMPRESSED",
    ),
    step: addEnumValue("Probe", "probe", "c"),
  },
  {
    name: "to CASCADE",
    given: strictKeys,
    step: changeDeleteRule("Probe", {
      name: "Probe_fk_dataCollectionId",
      ...parent("DataCollection", "dataCollectionId"),
      onDelete: { whereCascading: "CASCADE" },
    }),
  },
  {
    name: "to SET NULL, of a key to the table itself and to a name that is taken",
    given: strictKeys,
    step: changeDeleteRule("Probe", {
      name: "probe_fk",
      columns: ["parentProbeId"],
      parent: { table: "Probe", columns: ["probeId"] },
      onDelete: { whereCascading: "SET NULL" },
    }),
  },
  {
    name: "with a literal",
    given: ["UPDATE AutoProcProgram SET processingMessage = NULL WHERE autoProcProgramId > 3"],
    step: fillNulls("AutoProcProgram", "processingMessage", { literal: "'it''s unknown'" }),
  },
  {
    name: "with a time of the parent's",
    given: ["ALTER TABLE AutoProcProgramAttachment ADD COLUMN probe timestamp NULL DEFAULT NULL"],
    step: fillNulls("AutoProcProgramAttachment", "probe", {
      literal: "'1970-01-02'",
      from: { table: "AutoProcProgram", column: "recordTimeStamp", by: "autoProcProgramId" },
    }),
  },
  {
    name: "those that are missing",
    given: ["INSERT INTO BLSampleGroup (blSampleGroupId, name) VALUES (3, 'it''s \\\\ three')"],
    step: insertRows("BLSampleGroup", "blSampleGroupId", [
      { blSampleGroupId: 3, name: "it's \\ three" },
      { blSampleGroupId: 4, name: "µ'four'" },
      { blSampleGroupId: 5, name: null },
    ]),
  },
  {
    name: "a custom statement",
    step: runSql("AutoProc", {
      title: "spell the space group of lysozyme",
      sql: "UPDATE AutoProc SET spaceGroup = 'P 43 21 2' WHERE spaceGroup = 'P43212'",
      present: "SELECT COUNT(*) AS n FROM AutoProc WHERE spaceGroup = 'P 43 21 2'",
      undo: { sql: "UPDATE AutoProc SET spaceGroup = 'P43212' WHERE spaceGroup = 'P 43 21 2'" },
    }),
  },
  {
    name: "a statement of a .sql file",
    step: {
      kind: "sqlStatement",
      sql: "CREATE PROCEDURE dls_probe() SELECT 1",
      probe: {
        object: "dls_probe",
        sql: "SELECT COUNT(*) AS n FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_NAME = 'dls_probe'",
      },
      undo: { sql: "DROP PROCEDURE dls_probe" },
    },
  },
];

test("every kind of step has a case", () => {
  // Left-over tables are never absent: see test/steps/leave-behind.test.ts.
  expect(new Set([...cases.map((each) => each.step.kind), "leaveBehind"])).toEqual(new Set(stepKinds));
});

/** Warnings but for 1681, a deprecated display width: MySQL has no other way to write tinyint(1), which clients read as a boolean. */
function unexpected(warnings: readonly Warning[]): readonly Warning[] {
  return warnings.filter((warning) => warning.code !== 1681);
}

/** The verdict before the step; that of a changed column names the properties that differ. */
function absent(step: Step) {
  if (step.kind !== "changeColumn") return { state: "absent" };
  const ofColumn = expect.objectContaining({ part: "column", object: `${step.table}.${step.column.name}` });
  return { state: "absent", differences: expect.arrayContaining([ofColumn]) };
}

onEveryServer("step contract", (lane) => {
  const makeDatabase = sharedServer(lane);

  test.each(cases)("$step.kind: $name", async ({ given = [], step }) => {
    await using db = await makeDatabase("official");
    for (const statement of given) await db.query(statement);
    await using session = await connect(targetOf(db));

    const start = await factsFor(session, step);
    expect(inspect(step, start)).toEqual(absent(step));
    expect(await count(session, probe(step, start))).toBe(0);
    const frozen = structuredClone(start.catalog);
    const projected = project(step, start);
    expect(start.catalog).toEqual(frozen);

    const statement = render(step, start);
    if (step.kind === "changeColumn") await expectNoLighterWay(session, statement, start.dialect);
    expect(unexpected(await send(session, statement))).toEqual([]);

    const made = await factsFor(session, step);
    expect(inspect(step, made)).toEqual({ state: "present", notices: [] });
    expect(inspect(step, { ...made, catalog: projected })).toEqual({ state: "present", notices: [] });
    expect(compareCatalogs(projected, made.catalog)).toEqual([]);
    expect(await count(session, probe(step, made))).toBeGreaterThan(0);

    // As the journal gives it back.
    const before = JSON.parse(JSON.stringify(statement.before ?? {})) as Record<string, unknown>;
    const undone = undo(step, made, before);
    expect(undone.blocked).toEqual([]);
    expect(unexpected(await sendUndo(session, undone))).toEqual([]);
    const end = await factsFor(session, step);
    expect(compareCatalogs(start.catalog, end.catalog)).toEqual([]);
    expect(compareCatalogs(undone.after, end.catalog)).toEqual([]);
    const stays = undone.statement === undefined;
    expect(inspect(step, end).state).toBe(stays ? "present" : "absent");
    expect((await count(session, probe(step, end))) > 0).toBe(stays);
  });
});
