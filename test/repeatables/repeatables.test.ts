/** Procedures and rows of SchemaStatus after the migrations: created, replaced, kept, undone. */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { runOn, urlOf } from "../cli/run-cli.ts";
import { CutOff, cuttingConnect } from "../migrate/cut.ts";
import { NAME, definitionOf, grantsOf, makeOld } from "../migrate/old-procedure.ts";
import { type TestDatabase, freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { catalogOf, takeDown, upgrade } from "../support/upgrade.ts";

function scriptStatus(db: TestDatabase): Promise<unknown> {
  return db.query("SELECT scriptName, schemaStatus FROM SchemaStatus ORDER BY scriptName");
}

onEveryServer("procedures", (lane) => {
  test("an existing procedure is replaced and keeps its grants, and down restores it", async () => {
    await using db = await freshDatabase(lane, "official");
    await makeOld(db);
    const [old, grants] = [await definitionOf(db), await grantsOf(db)];
    const plan = await runOn(db, ["plan"]);
    expect(plan.stdout).toMatch(/procedure upsert_processing_job\n[^]*-.*SET p_id = 7[^]*\+.*IN p_dataCollectionId|\+/);

    const { repeatables } = await upgrade(db);
    expect(repeatables).toContain(`procedures/${NAME}`);
    expect(await definitionOf(db)).not.toEqual(old);
    expect(await grantsOf(db)).toEqual(grants);

    await db.query("CREATE USER later@'%' IDENTIFIED BY 'May-call-2'");
    await db.query(`GRANT EXECUTE ON PROCEDURE ${db.database}.${NAME} TO later@'%'`);
    await takeDown(db);
    expect(await definitionOf(db)).toEqual(old);
    expect(await grantsOf(db)).toEqual(grants);
    const rest = await db.query(
      "SELECT ROUTINE_NAME AS name FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()",
    );
    expect(rest).toEqual([{ name: NAME }]);
  });

  const begins =
    lane.vendor === "mysql" ? ["DROP PROCEDURE", "CREATE PROCEDURE", "GRANT EXECUTE"] : ["CREATE OR REPLACE"];
  const cuts = begins.flatMap((at) =>
    (["before the server got it", "after the server did it"] as const).map((when) => ({ at, when })),
  );
  test.each(cuts)(
    "killed while one is replaced ($at, $when), the next up has it with its grants, and down still knows the old one",
    async (cut) => {
      await using db = await freshDatabase(lane, "official");
      await makeOld(db);
      const [old, grants] = [await definitionOf(db), await grantsOf(db)];
      const killed = upgrade(db, { connect: cuttingConnect(db, { sent: 0 }, cut) });
      await expect(killed).rejects.toBeInstanceOf(CutOff);
      const { verification } = await upgrade(db);
      expect(verification.differences).toEqual([]);
      expect(await grantsOf(db)).toEqual(grants);
      await takeDown(db);
      expect(await definitionOf(db)).toEqual(old);
      expect(await grantsOf(db)).toEqual(grants);
    },
  );

  test("an edited procedure is drift: named, refused, skipped for a reason, or created again", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query(`DROP PROCEDURE ${NAME}`);
    await db.query(`CREATE PROCEDURE ${NAME}(INOUT p_id int unsigned) BEGIN SET p_id = 8; END`);
    const verified = await runOn(db, ["verify"]);
    expect(verified.exit).toBe(1);
    expect(verified.stdout).toMatch(
      /different {2}procedure upsert_processing_job has a text that differs from this tool's/,
    );
    const count = verified.stdout.match(/^ {2}different {2}/gm)?.length;
    expect(verified.stdout).toContain(`\nfix for these ${count}  ispyb-migrate up --repair --url ${urlOf(db)}\n`);
    expect((await runOn(db, ["plan"])).stdout).toContain(
      " would refuse: objects that this tool created were changed or dropped afterwards",
    );
    expect((await runOn(db, ["status"])).stdout).toMatch(/^1 procedure drifted; .* would refuse; .* --repair/m);
    const refused = await runOn(db, ["up", "--yes"]);
    expect(refused.exit).toBe(4);
    expect(refused.stderr).toContain("error DRIFT");
    await expect(takeDown(db)).rejects.toMatchObject({ code: "CONFLICT" });

    const skipped = await runOn(db, ["up", "--yes", "--skip", `procedures/${NAME}`, "--reason", "ours is faster"]);
    expect(skipped.exit, skipped.stderr).toBe(0);
    for (const command of ["status", "verify"]) {
      const shown = await runOn(db, [command]);
      expect(shown.exit, shown.stderr).toBe(0);
      expect(shown.stdout).toContain(`skipped: procedures/${NAME}, because: ours is faster`);
    }
    const unskipped = await runOn(db, ["up", "--yes", "--repair", "--unskip", `procedures/${NAME}`]);
    expect(unskipped.exit, unskipped.stderr).toBe(0);
    expect((await runOn(db, ["verify"])).stdout).not.toContain("skipped");
    await takeDown(db);
  });

  test("a column that is widened later makes its procedures pending again", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query("ALTER TABLE ProcessingJobParameter MODIFY parameterValue varchar(2048)");
    const status = await runOn(db, ["status"]);
    expect(status.exit).toBe(1);
    expect(status.stdout).toMatch(/procedures\/upsert_processing_job_parameter +pending/);
    const { repeatables, verification } = await upgrade(db);
    expect(repeatables).toEqual(["procedures/create_processing_job", "procedures/upsert_processing_job_parameter"]);
    expect(verification.differences).toEqual([]);
  });

  test("--definer and --sql-security set the definer and the rights of a procedure", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query("CREATE USER keeper@localhost IDENTIFIED BY 'Owns-them-1'");
    const wanted = ["--definer", "keeper@localhost", "--sql-security", "invoker"];
    const up = await runOn(db, ["up", "--yes", ...wanted]);
    expect(up.exit, up.stderr).toBe(0);
    const definers = await db.query(
      "SELECT DISTINCT DEFINER AS definer, SECURITY_TYPE AS security FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()",
    );
    expect(definers).toEqual([{ definer: "keeper@localhost", security: "INVOKER" }]);
    expect((await runOn(db, ["status", ...wanted])).exit).toBe(0);
    expect((await runOn(db, ["verify"])).stdout).toContain("SQL SECURITY: INVOKER instead of DEFINER");
    expect((await runOn(db, ["verify", "--sql-security", "somebody"])).exit).toBe(64);
    const nobody = await runOn(db, ["up", "--yes", "--definer", "nobody@localhost"]);
    expect(nobody.exit).toBe(4);
    expect(nobody.stderr).toContain("account nobody@localhost does not exist");
  });

  test("a procedure that an account cannot see is not understood: neither absent nor different", async () => {
    await using db = await freshDatabase(lane, "official");
    const reader = { user: "reader", password: "Only-reads-1" };
    await db.query(`CREATE USER reader@'%' IDENTIFIED BY '${reader.password}'`);
    await db.query("GRANT SELECT ON ispyb.* TO reader@'%'");
    await upgrade(db);
    const verified = await runOn(db, ["verify"], reader);
    expect(verified.exit, verified.stdout).toBe(0);
    expect(verified.stdout).toContain("not visible  this account cannot see which procedures exist");
    await db.query(`GRANT EXECUTE ON PROCEDURE ispyb.${NAME} TO reader@'%'`);
    expect((await runOn(db, ["verify"], reader)).exit).toBe(0);
    await db.query("REVOKE SELECT ON ispyb.* FROM reader@'%'");
    const blind = await runOn(db, ["verify"], reader);
    expect(blind.exit).toBe(4);
    expect(blind.stderr).toContain("this account cannot see the whole database");
  });
});

onEveryServer("SchemaStatus", (lane) => {
  test("a procedure that an account cannot read is not called changed: down prints the GRANT", async () => {
    await using db = await upgradedDatabase(lane, "official");
    const migrator = { user: "migrator", password: "Moves-them-1" };
    await db.query(`CREATE USER migrator@'%' IDENTIFIED BY '${migrator.password}'`);
    // ALL would hold SHOW CREATE ROUTINE on MariaDB since 11.3.
    const rights =
      "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES, SHOW VIEW, TRIGGER, LOCK TABLES, CREATE ROUTINE, ALTER ROUTINE";
    await db.query(`GRANT ${rights} ON ${db.database}.* TO migrator@'%'`);
    const before = await catalogOf(db);
    const refused = await runOn(db, ["down", "--last", "3", "--yes"], migrator);
    expect(refused.exit, refused.stderr).toBe(4);
    expect(refused.stderr).toMatch(
      /^error MISSING_PRIVILEGE: this account cannot read procedure \w+, which would be undone$/m,
    );
    expect(compareCatalogs(before, await catalogOf(db))).toEqual([]);
    const grant = /GRANT .*;/.exec(refused.stderr)?.[0] ?? "";
    await db.query(grant);
    expect((await runOn(db, ["down", "--last", "3", "--yes"], migrator)).stderr).not.toContain("cannot read");
  });

  test("untidy names are recognised, an unfinished row becomes DONE, and down restores it", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query(
      "INSERT INTO SchemaStatus (scriptName, schemaStatus) VALUES ('2026_07_02_autoprocprogram_jobuuid.sql  ', 'DONE'), " +
        "('2022_10_06_ProcessingJob.sql', 'ONGOING')",
    );
    const before = await scriptStatus(db);
    await upgrade(db);
    const rows = (await scriptStatus(db)) as { scriptName: string; schemaStatus: string }[];
    const named = (name: string) => rows.filter((row) => row.scriptName.trim().toLowerCase() === name.toLowerCase());
    expect(named("2026_07_02_AutoProcProgram_jobUuid.sql")).toHaveLength(1);
    for (const script of ["2022_10_06_ProcessingJob.sql", "2022_10_06_AutoProcProgramMessage.sql"]) {
      expect(named(script)).toMatchObject([{ schemaStatus: "DONE" }]);
    }
    // Its whole effect is not there: Container has no pipeline.
    expect(named("2020_03_24_ProcessingPipeline.sql")).toEqual([]);
    await takeDown(db);
    expect(await scriptStatus(db)).toEqual(before);
  });

  test("a script of two migrations counts once both are applied, and not before", async () => {
    await using db = await freshDatabase(lane, "official");
    await upgrade(db, { to: "2017_10_16_1_processing_job_tables" });
    expect(await scriptStatus(db)).not.toContainEqual(
      expect.objectContaining({ scriptName: "2022_10_06_ProcessingJob.sql" }),
    );
    await upgrade(db, { to: "2017_10_16_2_auto_proc_program_processing_job_id" });
    expect(await scriptStatus(db)).toContainEqual({ scriptName: "2022_10_06_ProcessingJob.sql", schemaStatus: "DONE" });
  });

  test("a database without SchemaStatus works", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query("DROP TABLE SchemaStatus");
    const { verification } = await upgrade(db);
    expect(verification.differences).toEqual([]);
    await takeDown(db);
  });
});
