/** An object that another session creates just before our statement belongs to that session, and stays. */
import { expect, test } from "vitest";
import { onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { catalogOf, journalOf, takeDown, upgrade } from "../support/upgrade.ts";
import { CutOff, cuttingConnect } from "./cut.ts";
import { meddlingConnect } from "./meddle.ts";

const addJobUuid = "ALTER TABLE AutoProcProgram ADD COLUMN jobUuid binary(16)";
const ours = /^ALTER TABLE `AutoProcProgram` ADD COLUMN/;

onEveryServer("another session", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("creates one column of the four in one statement: the other three are created, and down keeps that one", async () => {
    await using db = await makeDatabase("official");
    const { verification } = await upgrade(db, { connect: meddlingConnect(db, ours, addJobUuid) });
    expect(verification.differences).toEqual([]);
    const columns = (await journalOf(db)).filter((row) =>
      String(row["what"]).startsWith("add column AutoProcProgram."),
    );
    expect(columns.map(({ what, state }) => [what, state])).toEqual([
      ["add column AutoProcProgram.processingJobId", "done"],
      ["add column AutoProcProgram.processingPipelineId", "done"],
      ["add column AutoProcProgram.parentAutoProcProgramId", "done"],
      ["add column AutoProcProgram.jobUuid", "found"],
    ]);
    await takeDown(db);
    const left = (await catalogOf(db)).tables["AutoProcProgram"]?.columns.map(({ name }) => name);
    expect(left).toContain("jobUuid");
    expect(left).not.toContain("processingPipelineId");
  });

  test("creates the table: it is adopted; creates another object of that name: a conflict", async () => {
    await using db = await makeDatabase("official");
    const create = /^CREATE TABLE `ProcessingPipelineCategory`/;
    const theirs = "CREATE TABLE ProcessingPipelineCategory (name int) ENGINE=InnoDB";
    await expect(upgrade(db, { connect: meddlingConnect(db, create, theirs) })).rejects.toMatchObject({
      code: "CONFLICT",
      exit: 2,
    });
    const row = (await journalOf(db)).find(({ what }) => what === "create table ProcessingPipelineCategory");
    expect(row?.["state"]).toBe("not done");
  });

  test("an object that an earlier run intended counts as ours: that run may have created it", async () => {
    await using db = await makeDatabase("official");
    await upgrade(db, { to: "2026_01_27_parent_auto_proc_program_id" });
    const at = "ALTER TABLE `AutoProcProgram` ADD COLUMN";
    const cut = upgrade(db, { connect: cuttingConnect(db, { sent: 0 }, { at, when: "before the server got it" }) });
    await expect(cut).rejects.toBeInstanceOf(CutOff);
    await upgrade(db, { connect: meddlingConnect(db, ours, addJobUuid) });
    const row = (await journalOf(db)).find(({ what }) => what === "add column AutoProcProgram.jobUuid");
    expect(row?.["state"]).toBe("done");
  });
});
