/**
 * The contract of every step kind, on every server: absent → run → present → a second look changes
 * nothing → what was projected is what the server made.
 */
import { expect, test } from "vitest";
import { introspect } from "../../src/catalog/introspect.ts";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { readServer } from "../../src/catalog/server.ts";
import { connect } from "../../src/db/connect.ts";
import {
  addColumn,
  addForeignKey,
  addIndex,
  column,
  createTable,
  key,
  parent,
  primary,
  serial,
} from "../../src/steps/author.ts";
import { inspect, kinds, project, render } from "../../src/steps/index.ts";
import type { Step } from "../../src/steps/step.ts";
import { targetOf } from "../migrate/upgrade.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";

interface Case {
  readonly name: string;
  /** Sent before, so that the step has something to stand on. */
  readonly given?: readonly string[];
  readonly step: Step;
}

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
];

test("every kind of step has a case", () => {
  expect(new Set(cases.map((each) => each.step.kind))).toEqual(new Set(kinds));
});

onEveryServer("step contract", (lane) => {
  test.each(cases)("$step.kind: $name", async ({ given = [], step }) => {
    await using db = await freshDatabase(lane, "official");
    for (const statement of given) await db.query(statement);
    await using session = await connect(targetOf(db));
    const { dialect } = await readServer(session);

    const before = await introspect(session, dialect);
    const facts = { catalog: before, dialect };
    expect(inspect(step, facts).state).toBe("absent");
    const frozen = structuredClone(before);
    const projected = project(step, facts);
    expect(before).toEqual(frozen);

    const statement = render(step, facts);
    for (const [name, value] of Object.entries(statement.session ?? {}))
      await session.run(`SET SESSION ${name} = ${value}`);
    const outcome = await session.run(statement.sql);
    // MySQL deprecates display widths, and has no other way to say tinyint(1), which clients read as a boolean.
    expect(outcome.warnings.filter((warning) => warning.code !== 1681)).toEqual([]);

    const after = await introspect(session, dialect);
    expect(inspect(step, { catalog: after, dialect })).toEqual({ state: "present", notices: [] });
    expect(inspect(step, { catalog: projected, dialect })).toEqual({ state: "present", notices: [] });
    expect(compareCatalogs(projected, after)).toEqual([]);
  });
});
