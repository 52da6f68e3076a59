/** MariaDB keeps the earlier forms of rows where a facility asks for it: `down` counts them as it counts rows. */
import { expect, test } from "vitest";
import { picture } from "../adoption/facilities/picture.ts";
import { statements } from "../../src/base/split-script.ts";
import { runOn } from "../cli/run-cli.ts";
import { onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { temporaryFolder } from "../support/folder.ts";

const jobs = {
  table: "ProcessingJob",
  writes: ["INSERT INTO ProcessingJob (dataCollectionId) VALUES (1)", "DELETE FROM ProcessingJob"],
  lost: "1 row of ProcessingJob",
};
const column = {
  table: "AutoProcProgram",
  writes: [
    "UPDATE AutoProcProgram SET jobUuid = 'x' WHERE autoProcProgramId = 1",
    "UPDATE AutoProcProgram SET jobUuid = NULL",
  ],
  lost: "1 value of AutoProcProgram.jobUuid",
};

const hidden = { by: "hidden columns", versioning: "ADD SYSTEM VERSIONING" };
/** Then the server adds `until` to every unique key. */
const own = {
  by: "own columns",
  versioning:
    "ADD COLUMN since timestamp(6) GENERATED ALWAYS AS ROW START, ADD COLUMN until timestamp(6) GENERATED ALWAYS AS ROW END, " +
    "ADD PERIOD FOR SYSTEM_TIME(since, until), ADD SYSTEM VERSIONING",
};
/** The history in partitions of its own, which a table without foreign keys alone can have. */
const attachments = {
  table: "AutoProcProgramAttachment",
  writes: ["UPDATE AutoProcProgramAttachment SET deleted = 1", "UPDATE AutoProcProgramAttachment SET deleted = 0"],
  lost: "values of AutoProcProgramAttachment.deleted",
};
const parameters = {
  table: "ProcessingJobParameter",
  writes: ["INSERT INTO ProcessingJobParameter (parameterKey) VALUES ('a')", "DELETE FROM ProcessingJobParameter"],
  lost: "1 row of ProcessingJobParameter",
};
const parted = "ADD SYSTEM VERSIONING PARTITION BY SYSTEM_TIME (PARTITION p0 HISTORY, PARTITION pn CURRENT)";
const partedByTime =
  "ADD SYSTEM VERSIONING PARTITION BY SYSTEM_TIME INTERVAL 1 MONTH (PARTITION p0 HISTORY, PARTITION pn CURRENT)";

const states = [jobs, column].flatMap((table) => [hidden, own].map((form) => ({ ...table, ...form })));

onEveryServer("the history of rows", (lane) => {
  test.runIf(lane.vendor === "mariadb").each(states)("of $table, kept in $by, is not lost uncounted", async (state) => {
    await using db = await upgradedDatabase(lane, "official");
    await using folder = await temporaryFolder();
    const { table, writes, lost, versioning } = state;
    for (const sql of [`ALTER TABLE ${table} ${versioning}`, ...writes]) await db.query(sql);
    const before = await picture(db);
    const down = ["down", "--yes", "--to", "2017_10_16_1_processing_job_tables"];

    const verified = await runOn(db, ["verify"]);
    expect(verified.exit, verified.stdout).toBe(0);
    const counted = await runOn(db, down);
    expect(counted.exit, counted.stderr).toBe(4);
    expect(counted.stderr).toContain(lost);
    const saving = [...down, "--allow-data-loss", "--save-to", folder.path];
    const refused = await runOn(db, saving);
    expect(refused.stderr).toContain(`${table} is a system-versioned table, and its history would be lost`);
    expect(await picture(db)).toEqual(before);

    const printed = statements(
      [...refused.stderr.matchAll(/((?:SET STATEMENT .* FOR )?ALTER TABLE .*;.*)$/gm)]
        .map(([, line]) => line)
        .join("\n"),
    );
    expect(printed.length).toBe(1);
    for (const { sql } of printed) await db.query(sql);
    const again = await runOn(db, saving);
    expect(again.exit, again.stderr).toBe(0);
  });

  test.runIf(lane.vendor === "mariadb").each([parted, partedByTime])(
    "of two tables, kept by %s, is named at once, and the printed statements end it",
    async (versioning) => {
      await using db = await upgradedDatabase(lane, "official");
      await using folder = await temporaryFolder();
      await db.query("ALTER TABLE AutoProcProgramAttachment DROP FOREIGN KEY AutoProcProgramAttachmentFk1");
      await db.query("ALTER TABLE ProcessingJobParameter DROP FOREIGN KEY ProcessingJobParameter_ibfk1");
      const both = [attachments, parameters];
      for (const { table, writes } of both)
        for (const sql of [`ALTER TABLE ${table} ${versioning}`, ...writes]) await db.query(sql);
      const before = await picture(db);
      const down = [
        "down",
        "--yes",
        "--to",
        "2017_10_16_1_processing_job_tables",
        "--allow-data-loss",
        "--save-to",
        folder.path,
      ];

      // Such a table can have no foreign key: ours is missing, and each command says first what is in its way.
      const repairing = await runOn(db, ["up", "--yes", "--repair"]);
      expect(repairing.exit, repairing.stderr).toBe(4);
      expect(repairing.stderr).toContain("ALTER TABLE `ProcessingJobParameter` REMOVE PARTITIONING;");
      expect(await picture(db)).toEqual(before);
      const verified = await runOn(db, ["verify"]);
      const fixes = statements(
        [...verified.stdout.matchAll(/^(?: {2}fix {2}| {7})(.*;.*)$/gm)].map(([, line]) => line).join("\n"),
      );
      const session = await db.connection();
      for (const { sql } of fixes) await session.query(sql);
      expect((await runOn(db, ["verify"])).exit).toBe(0);

      const counted = await runOn(
        db,
        down.filter((word) => word !== "--allow-data-loss"),
      );
      for (const { lost } of both) expect(counted.stderr).toContain(lost);
      const refused = await runOn(db, down);
      expect(refused.stderr).toContain("where   AutoProcProgramAttachment, ProcessingJobParameter");
      const printed = statements(
        [...refused.stderr.matchAll(/(ALTER TABLE .*;.*)$/gm)].map(([, line]) => line).join("\n"),
      );
      expect(printed.length).toBe(3);
      for (const { sql } of printed) await db.query(sql);
      const again = await runOn(db, down);
      expect(again.exit, again.stderr).toBe(0);
    },
  );
});
