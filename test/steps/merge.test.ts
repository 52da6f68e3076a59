/** Instant changes of one table in one statement have the same result as one after the other. */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { connect } from "../../src/db/connect.ts";
import type { Statement } from "../../src/steps/contract.ts";
import { addColumn, addEnumValue, column } from "../../src/steps/define.ts";
import { inspect, project, render } from "../../src/steps/index.ts";
import { mergeColumns } from "../../src/steps/merge.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { targetOf } from "../support/upgrade.ts";
import { factsFor, send } from "./play.ts";

const table = "AutoProcProgramAttachment";
const steps = [
  addColumn(table, column("rank", "tinyint unsigned")),
  addEnumValue(table, "fileType", "Debug"),
  addColumn(table, column("kind", "enum('a')")),
  addEnumValue(table, "kind", "b"),
  addEnumValue(table, "fileType", "Input"),
  addColumn(table, column("deleted", "tinyint(1)", { default: "0" })),
];

test("a statement with a guard is never merged", () => {
  const online = { algorithm: "INSTANT", lock: "NONE" } as const;
  const clause = { verb: "MODIFY COLUMN", column: "c", definition: "`c` int NOT NULL" } as const;
  const statement: Statement = { sql: "", online, clause, locks: ["T"] };
  const guard = { counts: "rows of T where c is NULL", sql: "", undo: statement, fix: [] };
  expect(() => mergeColumns([statement, { ...statement, guard }])).toThrow(guard.counts);
});

onEveryServer("merged statements", (lane) => {
  test("columns, enum values, and enum values of a column that the same statement adds", async () => {
    await using db = await freshDatabase(lane, "official");
    await using session = await connect(targetOf(db));
    const [first = expect.fail("no step"), ...rest] = steps;
    const facts = await factsFor(session, first);
    let { catalog } = facts;
    const statements: Statement[] = [];
    for (const step of [first, ...rest]) {
      statements.push(render(step, { ...facts, catalog }));
      catalog = project(step, { ...facts, catalog });
    }

    const merged = mergeColumns(statements);
    expect(merged.sql.match(/ADD COLUMN|MODIFY COLUMN/g)).toEqual([
      "ADD COLUMN",
      "MODIFY COLUMN",
      "ADD COLUMN",
      "ADD COLUMN",
    ]);
    await send(session, merged);
    const made = await factsFor(session, first);
    for (const step of steps) expect(inspect(step, made).state).toBe("present");
    expect(compareCatalogs(catalog, made.catalog)).toEqual([]);
  });
});
