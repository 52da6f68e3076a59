/**
 * Diamond's real schema, 203 tables with rows and 205 routines, from a checkout of
 * DiamondLightSource/ispyb-database that ISPYB_DIAMOND_DIR names. Nothing of it is part of this project.
 */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { checksumsOf, holdingsOf, ledgerOf } from "../adoption/facility-rows.ts";
import { runOn } from "../cli/run-cli.ts";
import { catalogOf, journalOf, migrationNames, verbsSent } from "../migrate/upgrade.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { load } from "./load.ts";

const checkout = process.env["ISPYB_DIAMOND_DIR"];
const scripts = ["tables.sql", "lookups.sql", "data.sql", "routines.sql"];

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

        await db.query("TRUNCATE mysql.general_log");
        expect((await cli("up", "--yes")).exit).toBe(0);
        expect(await verbsSent(db)).toEqual(["SELECT", "SET", "SHOW"]);

        const down = await cli("down", "--to", names[0] ?? "", "--yes");
        expect(down.exit, down.stderr).toBe(0);
        expect(compareCatalogs(catalog, await catalogOf(db))).toEqual([]);
        expect(await checksumsOf(db, holdings)).toEqual(rows);
        expect(await ledgerOf(db)).toEqual(ledger);
      },
    );
  });
}
