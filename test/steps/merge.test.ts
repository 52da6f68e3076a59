/** Instant changes of one table in one statement have the same result as one after the other. */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { connect } from "../../src/db/connect.ts";
import type { Statement } from "../../src/steps/contract.ts";
import { addColumn, addEnumValue, column } from "../../src/steps/define.ts";
import { inspect, project, render } from "../../src/steps/index.ts";
import { mergeStatements } from "../../src/steps/merge.ts";
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

/** Column `name` becomes NOT NULL, by a copy. */
function toNotNull(name: string): Statement & Required<Pick<Statement, "clause" | "guards">> {
  const definition = `\`${name}\` int NOT NULL`;
  const clause = { verb: "MODIFY COLUMN", column: name, definition } as const;
  const alone: Statement = { sql: "", clause, online: { algorithm: "COPY", lock: "SHARED" }, locks: ["T"], reads: "T" };
  const guard = { counts: `rows of T where ${name} is NULL`, sql: "", reads: ["T"], undo: alone, fix: [] };
  return { ...alone, clause, rebuilds: true, guards: [guard] };
}

test("every count is kept, every table is locked, every setting is made, and the clock is that of any of them", () => {
  const [one, two] = [{ ...toNotNull("a"), session: { foreign_key_checks: 0 } }, toNotNull("b")];
  const timed = { ...two, clause: { ...two.clause, clock: 1 }, session: { foreign_key_checks: 0 }, locks: ["T", "P"] };
  expect(mergeStatements([one, timed])).toEqual({
    sql:
      "SET STATEMENT timestamp = 1 FOR ALTER TABLE `T` MODIFY COLUMN `a` int NOT NULL, MODIFY COLUMN `b` int NOT NULL, " +
      "ALGORITHM=COPY, LOCK=SHARED",
    online: { algorithm: "COPY", lock: "SHARED" },
    locks: ["T", "P"],
    reads: "T",
    rebuilds: true,
    guards: [...one.guards, ...two.guards],
    session: { foreign_key_checks: 0 },
  });
});

test("foreign keys are checked where one of them needs that", () => {
  const [unchecked, checked] = [{ ...toNotNull("a"), session: { foreign_key_checks: 0 } }, toNotNull("b")];
  expect(mergeStatements([unchecked, checked]).session ?? {}).toEqual({});
});

test("one statement stays as it is; a statement that is more than one change is never merged", () => {
  const { clause: _, ...whole } = toNotNull("a");
  expect(mergeStatements([whole])).toBe(whole);
  expect(() => mergeStatements([toNotNull("b"), whole])).toThrow("more than one change");
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

    const merged = mergeStatements(statements);
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
