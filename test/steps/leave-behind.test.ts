/** Left-over tables: never dropped by us, but reported with the statements that drop them. */
import { expect, test } from "vitest";
import { formatDifference } from "../../src/catalog/difference.ts";
import { connect } from "../../src/db/connect.ts";
import { leaveBehind } from "../../src/steps/define.ts";
import { inspect, probe, undo } from "../../src/steps/index.ts";
import { onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { targetOf } from "../support/upgrade.ts";
import { count, factsFor } from "./play.ts";

const step = leaveBehind(["OldChild", "OldParent"], { table: "AutoProcProgram", name: "oldId" });
const given = [
  "CREATE TABLE OldParent (oldId int unsigned PRIMARY KEY) ENGINE=InnoDB",
  "CREATE TABLE OldChild (oldId int unsigned, FOREIGN KEY (oldId) REFERENCES OldParent (oldId)) ENGINE=InnoDB",
  "ALTER TABLE AutoProcProgram ADD oldId int unsigned, ADD CONSTRAINT old_fk FOREIGN KEY (oldId) REFERENCES OldParent (oldId)",
  "INSERT INTO OldParent VALUES (1)",
];

onEveryServer("tables left over from an earlier design", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("most databases have none", async () => {
    await using db = await makeDatabase("official");
    await using session = await connect(targetOf(db));
    const facts = await factsFor(session, step);
    expect(inspect(step, facts)).toEqual({ state: "present", notices: [] });
    expect(await count(session, probe(step, facts))).toBe(1);
    expect(undo(step, facts, {})).toEqual({ blocked: [], after: facts.catalog });
  });

  test("they are reported with the statements that drop them, in an order that works", async () => {
    await using db = await makeDatabase("official");
    for (const statement of given) await db.query(statement);
    await using session = await connect(targetOf(db));
    const verdict = inspect(step, await factsFor(session, step));
    if (verdict.state !== "present") expect.fail(verdict.state);
    const lines = verdict.notices.map(formatDifference);
    const design = "is left over from an earlier design";
    expect(lines.map((line) => line.replace(/;.*/, ""))).toEqual([
      `column AutoProcProgram.oldId ${design}, NULL in every row`,
      `table OldChild ${design}, empty`,
      `table OldParent ${design}, with rows`,
    ]);
    for (const line of lines) {
      for (const sql of line
        .replace(/^.*to drop it: /, "")
        .split(/;\s*/)
        .filter(Boolean))
        await db.query(sql);
    }
    expect(inspect(step, await factsFor(session, step))).toEqual({ state: "present", notices: [] });
  });

  test("a row that still has a value is a conflict", async () => {
    await using db = await makeDatabase("official");
    for (const statement of given) await db.query(statement);
    await db.query("UPDATE AutoProcProgram SET oldId = 1 WHERE autoProcProgramId = 2");
    await using session = await connect(targetOf(db));
    const verdict = inspect(step, await factsFor(session, step));
    if (verdict.state !== "conflict") expect.fail(verdict.state);
    expect(verdict.conflicts.map(({ difference }) => difference.object)).toEqual(["AutoProcProgram.oldId"]);
  });
});
