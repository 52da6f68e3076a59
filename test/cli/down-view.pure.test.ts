/** The question of `down` in cases that no server of the suite produces. */
import { expect, test } from "vitest";
import { downOutline, downQuestion, downText } from "../../src/cli/views/down.ts";
import { dialectOf } from "../../src/dialect/dialect.ts";
import { parseProduct } from "../../src/dialect/identify.ts";
import { installed } from "../../src/documents/caller.ts";
import type { DownPlan } from "../../src/plan/down-plan.ts";
import type { DownStep } from "../../src/plan/down-step.ts";
import { addColumn, column } from "../../src/steps/define.ts";

const catalog: DownPlan["catalog"] = {
  database: "ispyb",
  charset: "latin1",
  collation: "latin1_swedish_ci",
  lowerCaseTableNames: 0,
  tables: {},
  otherObjects: {},
  views: [],
  triggers: [],
  routines: [],
};
const dialect = dialectOf(parseProduct("10.11.19-MariaDB", ""));
const plain = (_style: unknown, text: string) => text;

function step(number: number, title: string, more: Partial<DownStep>): DownStep {
  const ref = { migration: "m", number, step: addColumn("T", column("c", "int")), checksum: "c" };
  return { ...ref, title, made: "done", rows: 0, sent: [], ...more };
}

function planOf(steps: readonly DownStep[], more: Partial<DownPlan["server"]> = {}): DownPlan {
  const server = {
    dialect,
    identity: "i",
    node: "db1:3306 i",
    cluster: false,
    readOnly: false,
    nodeSql: "'here'",
    replication: { state: "none", channels: [], privilege: "" } as const,
    account: "me@%",
    ...more,
  };
  return {
    server,
    catalog,
    relations: [],
    migrations: [{ name: "2026_07_02_job_uuid", steps }],
    repeatables: [],
    everything: false,
    toolTables: [],
    seeded: [],
    mentions: [],
    notVisible: [],
  };
}

const locking = step(4, "add enum value 'Debug' to A.fileType", {
  rows: 1234,
  undo: {
    statement: { sql: "ALTER TABLE A …", online: { algorithm: "COPY", lock: "SHARED" }, locks: ["A", "A"] },
    hold: "lock",
    loss: { table: "A", of: { columns: ["fileType"] }, where: "TRUE", what: "values of A.fileType" },
    remains: "the value 'Debug' stays in the list where rows hold it",
    blocked: [],
    after: catalog,
  },
});
const steps = [
  locking,
  step(3, "add column A.b", {}),
  step(2, "add column A.a", { made: "adopted", stays: true }),
  step(1, "change delete rule of A (b) → B", { made: "adopted" }),
];

test("a lock, a loss, what stays, what is already gone and what was adopted", () => {
  expect(downOutline(planOf(steps), "/saved", plain, installed)).toMatchInlineSnapshot(`
    "ispyb on MariaDB 10.11.19 (db1:3306), as me@%

    to undo, in this order:

    2026_07_02_job_uuid
      4. add enum value 'Debug' to A.fileType
         COPY; blocks, until its rows are saved and changed: users of A
         loses 1,234 values of A.fileType
         the value 'Debug' stays in the list where rows hold it
      3. add column A.b: nothing to undo, because it does not exist
      2. add column A.a: it was already there: it stays, only its journal entry is deleted
      1. change delete rule of A (b) → B: nothing to undo, only its journal entry is deleted

    rows and values that would be lost are saved first, to a file in /saved
    "
  `);
  expect(downQuestion(planOf(steps), "/saved")).toMatchInlineSnapshot(
    `"1,234 values will be saved to /saved, then deleted. Undo 1 migration of ispyb on MariaDB 10.11.19?"`,
  );
});

test("the same afterwards", () => {
  const result = {
    plan: planOf(steps),
    undone: ["2026_07_02_job_uuid"],
    droppedTables: [],
    saved: "/saved/x.sql.gz",
  };
  expect(downText(result, plain)).toMatchInlineSnapshot(`
    "ispyb on MariaDB 10.11.19 (db1:3306), as me@%

    done: 1 migration undone
    saved  the rows and values that were deleted are in /saved/x.sql.gz
    noted  add enum value 'Debug' to A.fileType: the value 'Debug' stays in the list where rows hold it
    noted  2 steps had nothing to undo: only their journal entries were deleted"
  `);
});

test("on a cluster every node waits", () => {
  expect(downOutline(planOf([locking], { cluster: true }), "/saved", plain, installed)).toContain(
    "     COPY; every writer on every node of the cluster waits while it runs\n",
  );
});

test("nothing recorded, and no table of this tool: nothing to do", () => {
  const plan = { ...planOf([]), migrations: [] };
  expect(downText({ plan, undone: [], droppedTables: [] }, plain)).toContain(
    "nothing to do: none of these migrations is recorded; nothing was changed",
  );
});

test("a procedure without a recorded migration", () => {
  const procedure = { name: "procedures/p", title: "procedure p", made: "done", checksum: "", statements: [] } as const;
  const plan = { ...planOf([]), migrations: [], repeatables: [procedure], everything: true };
  expect(downQuestion(plan, "/saved")).toBe("Undo 1 procedure of ispyb on MariaDB 10.11.19?");
  expect(downText({ plan, undone: [], droppedTables: ["a", "b"] }, plain)).toMatchInlineSnapshot(`
    "ispyb on MariaDB 10.11.19 (db1:3306), as me@%

    done: 1 procedure undone
    noted  dropped the tables of this tool: a, b"
  `);
});
