/** What the journal records and the catalog lacks is drift: named, refused, and created again with --repair. */
import { expect, test } from "vitest";
import { installed } from "../../src/documents/caller.ts";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { outlineText, question } from "../../src/cli/views/outline.ts";
import type { UpDocument } from "../../src/documents/up.ts";
import type { Plan } from "../../src/plan/read-plan.ts";
import { plainUp } from "../../src/plan/up-command.ts";
import { changeColumn, column } from "../../src/steps/define.ts";
import { runOn, urlOf } from "../cli/run-cli.ts";
import { onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { catalogOf, takeDown, upgrade } from "../support/upgrade.ts";
import { probe, withProbe } from "./probe.ts";

onEveryServer("repair", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("columns, keys, a value of an enum, a lookup row and a table that were dropped", async () => {
    await using db = await makeDatabase("official");
    const first = await catalogOf(db);
    await upgrade(db);
    const applied = await catalogOf(db);
    for (const statement of [
      "ALTER TABLE AutoProcProgram DROP COLUMN jobUuid",
      "ALTER TABLE AutoProcProgram DROP FOREIGN KEY AutoProcProgram_FK2",
      "ALTER TABLE ProcessingJob DROP COLUMN recipe",
      "ALTER TABLE ProcessingJobParameter DROP KEY ProcessingJobParameter_idx_paramKey_procJobId",
      "ALTER TABLE AutoProcProgramAttachment MODIFY fileType enum('Log','Result','Graph','Debug')",
      "DELETE FROM ProcessingPipeline WHERE processingPipelineId = 6",
      "DROP TABLE AutoProcProgramMessage",
    ])
      await db.query(statement);

    const status = await runOn(db, ["status"]);
    expect(status.stdout).toMatch(/^2017_10_16_1_processing_job_tables +drift +2\/3 /m);
    // Its rule is about a key that an earlier step lacks: told there.
    expect(status.stdout).toMatch(/^2026_07_03_processing_job_delete_rules +applied +7\/7 /m);
    expect(status.stdout).toMatch(/^7 migrations drifted; /m);
    const planned = (await runOn(db, ["plan"])).stdout;
    expect(planned).toMatch(/ {5}drift {2}column ProcessingJob\.recipe is missing/);
    expect(status.stdout + planned).not.toContain("conflict");
    const shown = (await runOn(db, ["verify"])).stdout;
    expect(shown).toMatch(
      /^2026_07_02_job_uuid\n {2}different {2}column AutoProcProgram\.jobUuid is missing\n {2}fix {8}ALTER TABLE .*\n\n/m,
    );

    const refused = await runOn(db, ["up", "--yes"]);
    expect(refused.exit).toBe(4);
    expect(refused.stderr).toContain("error DRIFT");
    expect(refused.stderr).toContain(`ispyb-migrate up --repair --url ${urlOf(db)}   # `);
    const drifted = await runOn(db, ["verify", "--json"]);
    expect(drifted.exit).toBe(1);
    const { differences } = JSON.parse(drifted.stdout) as { differences: { what: string; repair: string[] }[] };
    expect(differences.map(({ what }) => what).join("\n")).toMatch(
      /recipe[^]*FK2[^]*AutoProcProgramMessage[^]*ProcessingPipeline[^]*Input[^]*paramKey[^]*jobUuid/,
    );
    expect(differences.every(({ repair }) => repair.length > 0)).toBe(true);

    const repaired = await runOn(db, ["up", "--repair", "--yes", "--json"]);
    expect(repaired.exit, repaired.stderr).toBe(0);
    // What is added to an existing table is measured, too: a rehearsal of a repair predicts it.
    const { statements } = JSON.parse(repaired.stdout) as UpDocument;
    expect(statements.filter(({ sql }) => sql.includes("`recipe`")).map(({ steps }) => steps)).toEqual([
      [expect.objectContaining({ migration: "2017_10_16_1_processing_job_tables" })],
    ]);
    expect((await runOn(db, ["status"])).exit).toBe(0);
    expect((await runOn(db, ["verify"])).exit).toBe(0);
    const differing = compareCatalogs(applied, await catalogOf(db)).filter(({ aspect }) => aspect !== "column order");
    expect(differing).toEqual([]);

    // Still ours: all of it goes.
    await takeDown(db);
    expect(compareCatalogs(first, await catalogOf(db))).toEqual([]);
  });

  test("a narrower column has to be fixed by hand, and nothing is repaired until then", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query("ALTER TABLE ProcessingJob MODIFY displayName varchar(20)");
    await db.query("ALTER TABLE AutoProcProgram DROP COLUMN jobUuid");
    const before = await catalogOf(db);
    const refused = await runOn(db, ["up", "--repair", "--yes"]);
    expect(refused.exit).toBe(4);
    expect(refused.stderr).toContain("ProcessingJob.displayName, type: varchar(20) instead of varchar(80)");
    expect(compareCatalogs(before, await catalogOf(db))).toEqual([]);
  });

  test("a table made again, whose foreign key has the name of one of the renamed table: refused before anything is changed", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query("RENAME TABLE AutoProcProgramMessage TO Messages");
    await db.query("CREATE TABLE AutoProcProgramMessage LIKE Messages");
    await db.query("ALTER TABLE AutoProcProgram DROP COLUMN jobUuid");
    const before = await catalogOf(db);
    const refused = await runOn(db, ["up", "--repair", "--yes"]);
    expect(refused.exit).toBe(4);
    expect(refused.stderr).toContain("Messages has a foreign key AutoProcProgramMessage_fk1");
    expect(compareCatalogs(before, await catalogOf(db))).toEqual([]);
    await db.query(/ALTER TABLE [^;]*;/.exec(refused.stderr)?.[0] ?? "");
    const repaired = await runOn(db, ["up", "--repair", "--yes"]);
    expect(repaired.exit, repaired.stderr).toBe(0);
    expect((await runOn(db, ["verify"])).exit).toBe(0);
  });

  test("the `plan` that shows what changes is named with the same options", async () => {
    await using db = await makeDatabase("official");
    const outlines: string[] = [];
    const confirm = async (plan: Plan) => {
      for (const asked of [plainUp, { ...plainUp, skip: { names: ["procedures"] } }])
        outlines.push(outlineText(plan, asked, (_, text) => text, installed));
    };
    await upgrade(db, { confirm });
    const shows = "; `ispyb-migrate plan` shows what changes";
    expect(outlines[0]).toMatch(new RegExp(`^ {2}21 procedures.*${shows}$`, "m"));
    const unskipping = "; `ispyb-migrate plan --unskip procedures` shows what changes";
    expect(outlines[1]).toBe(
      outlines[0]?.replace(shows, unskipping).replace("\n\n", "\n\nno longer skipped: procedures\n"),
    );
  });

  test("the question says what would be repaired, and how", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query("ALTER TABLE ProcessingJob DROP COLUMN recipe");
    const asked: string[] = [];
    const confirm = async (plan: Plan) =>
      void asked.push(
        outlineText(plan, { ...plainUp, repair: true }, (_, text) => text, installed),
        question(plan, { ...plainUp, repair: true }),
      );
    await upgrade(db, { repair: true, confirm });
    expect(asked[0]).toMatch(
      /1\. create table ProcessingJob\n +repair: column ProcessingJob\.recipe\n +ALTER TABLE `ProcessingJob` ADD COLUMN `recipe`/,
    );
    expect(asked[1]).toMatch(/^Apply 1 migration to /);
  });

  test("what was there before our first run stays recorded as it was", async () => {
    await using db = await makeDatabase("official");
    const migrations = await withProbe(
      changeColumn("AutoProcProgram", column("processingCommandLine", "varchar(4000)")),
    );
    const previous = () =>
      db.query("SELECT previous FROM ispyb_migrate_journal WHERE migration = ? AND step = 1", [probe]);
    await upgrade(db, { migrations });
    const first = await previous();
    expect(JSON.stringify(first)).toContain("varchar(255)");
    await db.query("ALTER TABLE AutoProcProgram MODIFY processingCommandLine varchar(300)");
    await upgrade(db, { migrations, repair: true });
    expect(await previous()).toEqual(first);
  });
});
