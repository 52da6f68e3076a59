/** Tables that keep earlier forms of their rows (MariaDB): the server changes them when it is told how, and keeps every form. */
import { expect, test } from "vitest";
import { starts } from "../adoption/facilities/starts.ts";
import { runOn } from "../cli/run-cli.ts";
import { type Lane, type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";

/** Every form of every row: what clients write, and how long it was true. */
const forms: Readonly<Record<string, string>> = {
  AutoProcProgram: "autoProcProgramId, processingMessage, processingStatus",
  AutoProcProgramAttachment: "autoProcProgramAttachmentId, fileName, fileType",
  AutoProcProgramMessage: "autoProcProgramMessageId, severity, recordTimeStamp, message",
};

async function history(db: TestDatabase, table: string): Promise<readonly object[]> {
  const columns = `${forms[table]}, ROW_START AS since, ROW_END AS until`;
  return await db.query(`SELECT ${columns} FROM ${table} FOR SYSTEM_TIME ALL ORDER BY 1, since`);
}

/** As pull requests 35 and 36 left it, with messages that all have a severity; `table` keeps its history, and has some. */
async function remembering(lane: Lane, table: string): Promise<TestDatabase> {
  const db = await freshDatabase(lane, "official");
  for (const sql of starts.find(({ name }) => name.includes("36"))?.sql ?? []) await db.query(sql);
  await db.query("DELETE FROM AutoProcProgramMessage WHERE severity IS NULL OR recordTimeStamp IS NULL");
  await db.query(`ALTER TABLE ${table} ADD SYSTEM VERSIONING`);
  await db.query(
    `UPDATE ${table} SET ${forms[table]?.split(", ")[1]} = ${table.endsWith("Message") ? "'ERROR'" : "'Log'"}`,
  );
  return db;
}

onEveryServer("a table that keeps its history", (lane) => {
  const isMariadb = lane.vendor === "mariadb";

  test.runIf(isMariadb).each(Object.keys(forms))(
    "%s: refused, and changed once the server is told how",
    async (table) => {
      await using db = await remembering(lane, table);
      const before = await history(db, table);
      const refused = await runOn(db, ["up", "--yes"]);
      expect(refused.exit, refused.stderr).toBe(4);
      const advised = /SET GLOBAL [^;]*;/.exec(refused.stderr)?.[0] ?? expect.fail(refused.stderr);
      await db.query(advised);
      const up = await runOn(db, ["up", "--yes"]);
      expect(up.exit, up.stderr).toBe(0);
      expect(await history(db, table)).toEqual(before);
      const down = await runOn(db, ["down", "--yes", "--to", "2017_10_16_1_processing_job_tables"]);
      expect(down.exit, down.stderr).toBe(0);
      expect(await history(db, table)).toEqual(before);
    },
  );

  const nulls = {
    "of a row": ["INSERT INTO AutoProcProgramMessage (message) VALUES ('how bad?')"],
    "of an earlier form": [
      "INSERT INTO AutoProcProgramMessage (message) VALUES ('how bad?')",
      "UPDATE AutoProcProgramMessage SET severity = 'INFO', recordTimeStamp = '2024-01-01' WHERE severity IS NULL",
    ],
    "of a row that was deleted": [
      "INSERT INTO AutoProcProgramMessage (message) VALUES ('how bad?')",
      "DELETE FROM AutoProcProgramMessage WHERE severity IS NULL",
    ],
  };
  test.runIf(isMariadb).each(Object.entries(nulls))(
    "a NULL %s where NOT NULL is wanted: refused before the first change, and each way out works",
    async (_, writes) => {
      for (const way of ["skip", "end"]) {
        await using db = await remembering(lane, "AutoProcProgramMessage");
        for (const sql of writes) await db.query(sql);
        await db.query("SET GLOBAL system_versioning_alter_history = KEEP");
        const before = await history(db, "AutoProcProgramMessage");
        const { exit, stderr } = await runOn(db, ["up", "--yes"]);
        expect(exit, stderr).toBe(4);
        expect(stderr).toContain(
          "error CONFLICT: AutoProcProgramMessage keeps its history, and that has NULL where severity",
        );
        const skipped = / up --skip (\S+) /.exec(stderr)?.[1] ?? expect.fail(stderr);
        const ending = /ALTER TABLE .* DROP SYSTEM VERSIONING;/.exec(stderr)?.[0] ?? expect.fail(stderr);
        if (way === "end") await db.query(ending);
        const up = await runOn(db, [
          "up",
          "--yes",
          ...(way === "end" ? [] : ["--skip", skipped, "--reason", "history"]),
        ]);
        expect(up.exit, up.stderr).toBe(0);
        if (way === "skip") expect(await history(db, "AutoProcProgramMessage")).toEqual(before);
      }
    },
  );
});
