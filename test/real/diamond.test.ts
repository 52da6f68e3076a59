/**
 * Diamond's real schema, 203 tables with rows and 205 routines, from a checkout of
 * DiamondLightSource/ispyb-database that ISPYB_DIAMOND_DIR names. Nothing of it is part of this project.
 */
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { checksumsOf, holdingsOf, ledgerOf } from "../adoption/facility-rows.ts";
import { runOn } from "../cli/run-cli.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { catalogOf, journalOf, migrationNames, verbsSent } from "../support/upgrade.ts";
import { load } from "./load.ts";

const checkout = process.env["ISPYB_DIAMOND_DIR"];
const scripts = ["tables.sql", "lookups.sql", "data.sql", "routines.sql"];

/** What Diamond's role of this name may call, of the procedures that `up` replaces. */
const granted = [
  "retrieve_processing_job_image_sweeps_v2",
  "retrieve_processing_job_parameters_v2",
  "retrieve_processing_job_v2",
  "retrieve_processing_program_attachments_for_dc_group_and_program",
  "retrieve_processing_program_attachments_for_dc_group_program_v2",
  "retrieve_processing_program_attachments_for_program_id",
  "retrieve_processing_program_attachments_for_program_id_v2",
  "retrieve_processing_programs_for_job_id",
  "retrieve_processing_programs_for_job_id_v2",
  "upsert_processing_job",
  "upsert_processing_job_image_sweep",
  "upsert_processing_job_parameter",
  "upsert_processing_program",
  "upsert_processing_program_attachment",
  "upsert_processing_program_attachment_v2",
  "upsert_processing_program_message",
  "upsert_processing_program_v2",
];

/** Each routine as the server shows it, with its sql_mode and definer, under its kind and name. */
async function routinesOf(db: TestDatabase): Promise<Record<string, object>> {
  const names = await db.query<{ kind: string; name: string; definer: string }>(
    "SELECT ROUTINE_TYPE AS kind, ROUTINE_NAME AS name, DEFINER AS definer FROM information_schema.ROUTINES " +
      "WHERE ROUTINE_SCHEMA = DATABASE()",
  );
  const routines: Record<string, object> = {};
  for (const { kind, name, definer } of names) {
    const [shown] = await db.query(`SHOW CREATE ${kind} \`${name}\``);
    routines[`${kind} ${name}`] = { ...shown, definer };
  }
  return routines;
}

async function grantsOf(db: TestDatabase): Promise<string[]> {
  const rows = await db.query("SHOW GRANTS FOR ispyb_processing");
  return rows.flatMap((row) => Object.values(row).map(String)).toSorted();
}

if (checkout === undefined) {
  process.stderr.write(
    "tests: SKIPPED: Diamond's real schema: name a checkout of DiamondLightSource/ispyb-database in ISPYB_DIAMOND_DIR\n",
  );
  describe.skip("Diamond's real schema", () => test("is adopted", () => {}));
} else {
  const schema = join(checkout, "schemas", "ispyb");
  onEveryServer("Diamond's real schema", (lane) => {
    // MySQL refuses current_user() as the default of a column.
    test.skipIf(lane.vendor !== "mariadb")(
      "is adopted and given back, no row harmed",
      { timeout: 300_000 },
      async () => {
        await using db = await freshDatabase(lane, "empty", { generalLog: true });
        await load(db, schema, scripts);
        await db.query("CREATE ROLE ispyb_processing");
        for (const name of granted) await db.query(`GRANT EXECUTE ON PROCEDURE ${name} TO ispyb_processing`);
        const [routines, grants] = [await routinesOf(db), await grantsOf(db)];
        expect(Object.keys(routines)).toHaveLength(205);
        const [catalog, holdings] = [await catalogOf(db), await holdingsOf(db)];
        const [rows, ledger] = [await checksumsOf(db, holdings), await ledgerOf(db)];
        expect(Object.keys(catalog.tables)).toHaveLength(203);
        const cli = (...args: string[]) => runOn(db, args);

        expect((await cli("status")).exit).toBe(1);
        const up = await cli("up", "--yes");
        expect(up.exit, up.stderr).toBe(0);
        const names = await migrationNames();
        const steps = (await journalOf(db)).filter(
          (row) => names.includes(String(row["migration"])) && row["step"] !== 0,
        );
        const done = steps.filter(({ state }) => state === "done").map(({ what }) => what);
        expect(done).toEqual(["add column AutoProcProgram.jobUuid"]);
        expect((await cli("status")).exit).toBe(0);
        const verify = await cli("verify");
        expect(verify.exit, verify.stderr + verify.stdout).toBe(0);
        expect(await checksumsOf(db, holdings)).toEqual(rows);
        const replaced = await routinesOf(db);
        expect(
          granted.filter((name) => isDeepStrictEqual(replaced[`PROCEDURE ${name}`], routines[`PROCEDURE ${name}`])),
        ).toEqual([]);
        expect(await grantsOf(db)).toEqual(expect.arrayContaining(grants.filter((grant) => grant.includes("EXECUTE"))));

        await db.query("TRUNCATE mysql.general_log");
        expect((await cli("up", "--yes")).exit).toBe(0);
        expect(await verbsSent(db)).toEqual(["SELECT", "SET", "SHOW"]);

        const down = await cli("down", "--to", names[0] ?? "", "--yes");
        expect(down.exit, down.stderr).toBe(0);
        expect(compareCatalogs(catalog, await catalogOf(db))).toEqual([]);
        expect(await checksumsOf(db, holdings)).toEqual(rows);
        expect(await ledgerOf(db)).toEqual(ledger);
        expect(await routinesOf(db)).toEqual(routines);
        expect(await grantsOf(db)).toEqual(grants);
      },
    );
  });
}
