/**
 * The real official schema, 253 tables and views with rows, from a checkout of ispyb/ispyb-database
 * that ISPYB_OFFICIAL_DIR names. Nothing of it is part of this project.
 */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { introspect } from "../../src/catalog/introspect.ts";
import { readServer } from "../../src/catalog/server.ts";
import { connect } from "../../src/db/connect.ts";
import { createTableSql } from "../../src/dialect/render.ts";
import { runOn } from "../cli/run-cli.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { catalogOf, checksums, migrationNames, takeDown, targetOf, upgrade, verbsSent } from "../support/upgrade.ts";
import { load } from "./load.ts";

const checkout = process.env["ISPYB_OFFICIAL_DIR"];
const scripts = ["1_tables.sql", "2_lookups.sql", "3_data.sql", "4_data_user_portal.sql", "5_routines.sql"];

if (checkout === undefined) {
  process.stderr.write(
    "tests: SKIPPED: the real official schema: name a checkout of ispyb/ispyb-database in ISPYB_OFFICIAL_DIR\n",
  );
  describe.skip("the real official schema", () => test("is loaded and upgraded", () => {}));
} else {
  const schema = join(checkout, "schema");
  onEveryServer("the real official schema", (lane) => {
    test("is loaded, planned, upgraded, verified and found up to date", { timeout: 300_000 }, async () => {
      await using db = await freshDatabase(lane, "empty", { generalLog: true });
      await load(db, schema, scripts);
      const cli = (...args: string[]) => runOn(db, args);

      const before = await cli("status");
      expect(before.exit, before.stderr).toBe(1);
      const plan = await cli("plan", "--json");
      expect(plan.exit, plan.stderr).toBe(0);
      const { migrations } = JSON.parse(plan.stdout) as {
        migrations: { steps: { catalog: string; sql?: string; madeWith?: object; forecast?: { blocked: string } }[] }[];
      };
      const steps = migrations.flatMap((migration) => migration.steps);
      const sent = steps.filter((step) => step.catalog === "absent" && step.madeWith === undefined);
      expect(sent).toHaveLength(15);
      expect(sent.every((step) => step.sql !== undefined && step.forecast?.blocked !== undefined)).toBe(true);

      const up = await cli("up", "--yes");
      expect(up.exit, up.stderr).toBe(0);
      expect((await cli("status")).exit).toBe(0);
      expect((await cli("verify")).exit).toBe(0);

      await db.query("TRUNCATE mysql.general_log");
      const again = await cli("up", "--yes");
      expect(again.exit, again.stderr).toBe(0);
      expect(await verbsSent(db)).toEqual(["SELECT", "SET", "SHOW"]);
    });

    test("goes up, back, and up again", { timeout: 300_000 }, async () => {
      await using db = await freshDatabase(lane, "empty");
      await load(db, schema, scripts);
      const [first, rows] = [await catalogOf(db), await checksums(db)];
      expect((await runOn(db, ["up", "--yes"])).exit).toBe(0);
      const second = await catalogOf(db);

      const [oldest = ""] = await migrationNames();
      const down = await runOn(db, ["down", "--to", oldest, "--yes"]);
      expect(down.exit, down.stderr).toBe(0);
      expect(compareCatalogs(first, await catalogOf(db))).toEqual([]);
      expect(await checksums(db)).toEqual(rows);

      expect((await runOn(db, ["up", "--yes"])).exit).toBe(0);
      expect(compareCatalogs(second, await catalogOf(db))).toEqual([]);
      expect((await runOn(db, ["status"])).exit).toBe(0);
      expect((await runOn(db, ["verify"])).exit).toBe(0);
    });

    test("every migration alone goes up, back, and up again", { timeout: 600_000 }, async () => {
      await using db = await freshDatabase(lane, "empty");
      await load(db, schema, scripts);
      for (const name of await migrationNames()) {
        const before = await catalogOf(db);
        await upgrade(db, { to: name });
        const after = await catalogOf(db);
        await takeDown(db, { until: { last: 1 } });
        expect(compareCatalogs(before, await catalogOf(db)), name).toEqual([]);
        await upgrade(db, { to: name });
        expect(compareCatalogs(after, await catalogOf(db)), name).toEqual([]);
      }
    });

    test("a session with everything below it is deleted by one DELETE, as before", { timeout: 300_000 }, async () => {
      await using db = await freshDatabase(lane, "empty");
      await load(db, schema, scripts);
      const up = await runOn(db, ["up", "--yes"]);
      expect(up.exit, up.stderr).toBe(0);
      const [session] = await db.query<{ sessionId: number; dataCollectionId: number }>(
        "SELECT g.sessionId, MIN(d.dataCollectionId) AS dataCollectionId FROM DataCollection d " +
          "JOIN DataCollectionGroup g USING (dataCollectionGroupId) GROUP BY g.sessionId ORDER BY COUNT(*) DESC LIMIT 1",
      );
      expect(session).toBeDefined();
      const dataCollection = session?.dataCollectionId;
      await db.query("INSERT INTO ProcessingJob (processingJobId, dataCollectionId) VALUES (1, ?)", [dataCollection]);
      await db.query("INSERT INTO ProcessingJobParameter (processingJobId, parameterKey) VALUES (1, 'd_min')");
      await db.query(
        "INSERT INTO ProcessingJobImageSweep (processingJobId, dataCollectionId, startImage, endImage) VALUES (1, ?, 1, 1100)",
        [dataCollection],
      );
      await db.query(
        "INSERT INTO AutoProcProgram (autoProcProgramId, dataCollectionId, processingJobId) VALUES (90000, ?, 1)",
        [dataCollection],
      );
      await db.query("INSERT INTO AutoProcProgramMessage (autoProcProgramId, severity) VALUES (90000, 'ERROR')");
      await db.query("DELETE FROM BLSession WHERE sessionId = ?", [session?.sessionId]);
      const left = await db.query(
        "SELECT (SELECT COUNT(*) FROM ProcessingJob) AS jobs, (SELECT COUNT(*) FROM ProcessingJobImageSweep) AS sweeps, " +
          "(SELECT COUNT(*) FROM AutoProcProgramMessage) AS messages, (SELECT COUNT(*) FROM AutoProcProgram WHERE autoProcProgramId = 90000) AS programs",
      );
      expect(left).toEqual([{ jobs: 0, sweeps: 0, messages: 0, programs: 0 }]);
    });

    test(
      "introspected, rendered into an empty database and introspected again, it is the same",
      { timeout: 300_000 },
      async () => {
        await using db = await freshDatabase(lane, "empty");
        await load(db, schema, scripts);
        await using source = await connect(targetOf(db));
        const { dialect } = await readServer(source);
        const catalog = await introspect(source, dialect);
        expect(Object.keys(catalog.tables).length + catalog.views.length).toBe(253);
        await db.query("CREATE DATABASE copy");
        await using copy = await connect({ ...targetOf(db), database: "copy" });
        await copy.run("SET foreign_key_checks = 0");
        for (const table of Object.values(catalog.tables)) await copy.run(createTableSql(table));
        expect(compareCatalogs(catalog, await introspect(copy, dialect))).toEqual([]);
        expect(Object.values(catalog.tables).flatMap((table) => table.notUnderstood)).toEqual([]);
      },
    );
  });
}
