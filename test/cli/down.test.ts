import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { CutOff, cuttingConnect } from "../migrate/cut.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { upgrade } from "../support/upgrade.ts";
import { runOn } from "./run-cli.ts";

const back = ["down", "--to", "2026_07_02_job_uuid"];

/** All is applied, and six rows have something to lose. */
async function upgraded(db: TestDatabase): Promise<void> {
  const { exit, stderr } = await runOn(db, ["up", "--yes"]);
  expect(exit, stderr).toBe(0);
  await db.query("UPDATE AutoProcProgram SET jobUuid = REPEAT('x', 16)");
}

/** Without what is another on every server and every day. */
function steady(text: string, folder: string): string {
  return text
    .replaceAll(/ on (?:MariaDB|MySQL) [\d.]+(?: \(.*)?/g, " on SERVER")
    .replaceAll(/(for a moment \(at most 1 s per try\): users of AutoProcProgram), .*/g, "$1, RELATIVES")
    .replaceAll(folder, "FOLDER")
    .replaceAll(/FOLDER\/\S+/g, "FOLDER/FILE");
}

onEveryServer("down on the command line", (lane) => {
  test("shows what is dropped and what is lost, and changes nothing without --allow-data-loss and a yes", async () => {
    await using db = await freshDatabase(lane, "official");
    await using folder = await temporaryFolder();
    await upgraded(db);
    const refused = await runOn(db, [...back, "--yes", "--save-to", folder.path]);
    expect([refused.exit, refused.stdout]).toEqual([4, ""]);
    expect(refused.stderr).toMatch(/^error DATA_LOSS: .*\n[^]* {2}found {3}6 values of AutoProcProgram\.jobUuid\n/);

    const { exit, stdout, stderr } = await runOn(db, [...back, "--allow-data-loss", "--save-to", folder.path]);
    expect([exit, stdout]).toEqual([64, ""]);
    expect(steady(stderr, folder.path)).toMatchInlineSnapshot(`
      "ispyb on SERVER

      to undo, in this order:

      procedures, rows of SchemaStatus and privileges
        1 procedure, 3 rows of SchemaStatus
        procedure create_processing_job
      2026_07_03_processing_job_delete_rules
        7. change delete rule of AutoProcProgram (parentAutoProcProgramId) → AutoProcProgram: nothing to undo, only its journal entry is deleted
        6. change delete rule of AutoProcProgram (processingJobId) → ProcessingJob: nothing to undo, only its journal entry is deleted
        5. change delete rule of AutoProcProgramMessage (autoProcProgramId) → AutoProcProgram: nothing to undo, only its journal entry is deleted
        4. change delete rule of ProcessingJobImageSweep (dataCollectionId) → DataCollection: nothing to undo, only its journal entry is deleted
        3. change delete rule of ProcessingJobImageSweep (processingJobId) → ProcessingJob: nothing to undo, only its journal entry is deleted
        2. change delete rule of ProcessingJobParameter (processingJobId) → ProcessingJob: nothing to undo, only its journal entry is deleted
        1. change delete rule of ProcessingJob (dataCollectionId) → DataCollection: nothing to undo, only its journal entry is deleted
      2026_07_02_job_uuid
        1. add column AutoProcProgram.jobUuid
           INSTANT; blocks, for a moment (at most 1 s per try): users of AutoProcProgram, RELATIVES
           loses 6 values of AutoProcProgram.jobUuid

      rows and values that would be lost are saved first, to a file in FOLDER

      error NO_TERMINAL: a question needs an answer, but there is no terminal
        wanted  an answer to: 6 values will be saved to FOLDER, then deleted. Undo 2 migrations of ispyb on SERVER?
        done    nothing was changed
        next    add --yes to answer in advance
      "
    `);
    expect(await readdir(folder.path)).toEqual([]);
    expect(await runOn(db, ["status"])).toMatchObject({ exit: 0 });
  });

  test("undoes the named migrations, and says where the rows are", async () => {
    await using db = await freshDatabase(lane, "official");
    await using folder = await temporaryFolder();
    await upgraded(db);
    const args = [...back, "--yes", "--allow-data-loss", "--save-to", folder.path];
    const { exit, stdout, stderr } = await runOn(db, args);
    expect(exit, stderr).toBe(0);
    expect(steady(stdout, folder.path)).toMatchInlineSnapshot(`
      "ispyb on SERVER

      done: 2 migrations undone
      saved  the rows and values that were deleted are in FOLDER/FILE
      noted  7 steps had nothing to undo: only their journal entries were deleted
      "
    `);
    expect(await readdir(folder.path)).toEqual([stdout.match(/\/([^/\s]+\.gz)$/m)?.[1]]);
    const status = await runOn(db, ["status", "--json"]);
    expect(status.exit).toBe(1);
    expect(JSON.parse(status.stdout)).toMatchObject({
      migrations: expect.arrayContaining([
        expect.objectContaining({ name: "2026_07_02_job_uuid", state: "pending" }),
        expect.objectContaining({ name: "2026_01_27_parent_auto_proc_program_id", state: "applied" }),
      ]),
    });
  });

  test("--json prints the plan, what was done, and the file", async () => {
    await using db = await freshDatabase(lane, "official");
    await using folder = await temporaryFolder();
    await upgraded(db);
    const args = ["down", "--last", "2", "--yes", "--allow-data-loss", "--save-to", folder.path, "--json"];
    const { exit, stdout } = await runOn(db, args);
    expect(exit, stdout).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      command: "down",
      ok: true,
      database: db.database,
      everything: false,
      migrations: [
        { name: "2026_07_03_processing_job_delete_rules" },
        {
          name: "2026_07_02_job_uuid",
          steps: [
            {
              number: 1,
              made: "done",
              sql: expect.stringContaining("DROP COLUMN"),
              loss: { what: "values of AutoProcProgram.jobUuid", rows: 6 },
              remains: null,
            },
          ],
        },
      ],
      undone: ["2026_07_03_processing_job_delete_rules", "2026_07_02_job_uuid"],
      saved: expect.stringContaining(folder.path),
    });
  });

  test("everything, and the tool's own tables", async () => {
    await using db = await freshDatabase(lane, "official");
    const before = await db.query("SHOW TABLES");
    expect(await runOn(db, ["up", "--yes"])).toMatchObject({ exit: 0 });
    const { exit, stdout, stderr } = await runOn(db, ["down", "--to", "2017_10_16_1_processing_job_tables", "--yes"]);
    expect(exit, stderr).toBe(0);
    expect(stdout).toMatch(/^noted {2}dropped the tables of this tool: ispyb_migrate_journal, ispyb_migrate_lease$/m);
    expect(await db.query("SHOW TABLES")).toEqual(before);
  });

  test("only the tool's own tables, where an up was cut off before its first record", async () => {
    await using db = await freshDatabase(lane, "official");
    const before = await db.query("SHOW TABLES");
    const cut = { at: "INSERT INTO ispyb_migrate_journal", when: "before the server got it" } as const;
    await expect(upgrade(db, { connect: cuttingConnect(db, { sent: 0 }, cut) })).rejects.toBeInstanceOf(CutOff);
    expect(await db.query("SHOW TABLES LIKE 'ispyb%'")).toHaveLength(2);

    const args = ["down", "--to", "2017_10_16_1_processing_job_tables"];
    const asked = await runOn(db, args);
    expect(asked.exit).toBe(64);
    expect(asked.stderr).toMatch(/^ {2}wanted {2}an answer to: Drop the tables of this tool in \S+ on /m);
    expect(asked.stderr).not.toContain("to undo");
    const { exit, stdout, stderr } = await runOn(db, [...args, "--yes"]);
    expect(exit, stderr).toBe(0);
    expect(steady(stdout, "-")).toMatchInlineSnapshot(`
      "ispyb on SERVER

      done: there was no migration to undo
      noted  dropped the tables of this tool: ispyb_migrate_journal, ispyb_migrate_lease
      "
    `);
    expect(await db.query("SHOW TABLES")).toEqual(before);

    const again = await runOn(db, [...args, "--yes"]);
    expect(again).toMatchObject({ exit: 0, stdout: expect.stringContaining("nothing was changed") });
  });

  test("an unknown migration, or too many: exit 64", async () => {
    await using db = await freshDatabase(lane, "official");
    for (const far of [
      ["--to", "nonsense"],
      ["--last", "1"],
    ]) {
      const { exit, stdout, stderr } = await runOn(db, ["down", ...far, "--yes"]);
      expect([exit, stdout]).toEqual([64, ""]);
      expect(stderr).toMatch(/^error USAGE: [^]* {2}next {4}ispyb-migrate status/);
    }
  });
});
