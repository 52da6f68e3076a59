/** What is skipped on purpose, with its reason, and applied later. */
import { expect, test } from "vitest";
import { loadProcedures } from "../../src/repeatables/procedures/source.ts";
import { runOn, urlOf } from "../cli/run-cli.ts";
import { onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { takeDown, upgrade } from "../support/upgrade.ts";

onEveryServer("skip", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("a skipped column stays narrow, procedures are created for it, and --unskip widens it", async () => {
    await using db = await makeDatabase("diamond");
    await db.query("ALTER TABLE ProcessingJobParameter MODIFY parameterValue varchar(255)");
    const name = "2019_01_14_parameter_value_1024";
    const up = await runOn(db, ["up", "--yes", "--skip", name, "--reason", "not on a Friday"]);
    expect(up.exit, up.stderr).toBe(0);
    for (const command of ["status", "verify"]) {
      const shown = await runOn(db, [command]);
      expect(shown.exit, shown.stdout).toBe(0);
      expect(shown.stdout).toContain(`skipped: ${name}, because: not on a Friday`);
    }
    const [shown] = await db.query("SHOW CREATE PROCEDURE upsert_processing_job_parameter");
    expect(JSON.stringify(shown)).toContain("p_parameterValue varchar(255)");
    const again = await runOn(db, ["up", "--yes"]);
    expect(again.stdout).toContain("nothing was pending");

    const made = await runOn(db, ["up", "--yes", "--unskip", name]);
    expect(made.exit, made.stderr).toBe(0);
    expect(made.stdout).toContain("2 procedures");
    expect((await runOn(db, ["verify"])).stdout).not.toContain("skipped");
    await takeDown(db);
  });

  test("on a fresh database: a migration that needs the skipped one says so", async () => {
    await using db = await makeDatabase("official");
    const parent = "2026_01_27_parent_auto_proc_program_id";
    const alone = await runOn(db, [
      "up",
      "--yes",
      "--skip",
      "2017_10_16_2_auto_proc_program_processing_job_id",
      "--reason",
      "why",
    ]);
    expect(alone.exit, alone.stderr).toBe(4);
    const needed = "2017_10_16_2_auto_proc_program_processing_job_id";
    expect(alone.stderr).toContain("foreign key AutoProcProgram.AutoProcProgram_fk_processingJobId is missing");
    expect(alone.stderr).toContain(
      `next    ispyb-migrate up --url ${urlOf(db)}   # applies ${needed}, too: other steps need what it creates`,
    );
    expect(alone.stderr).not.toContain("ALTER TABLE");
    const first = "2017_10_16_1_processing_job_tables";
    const tables = await runOn(db, ["up", "--yes", "--skip", first, "--reason", "why"]);
    expect(tables.exit, tables.stderr).toBe(4);
    expect(tables.stderr).toContain(
      `next    ispyb-migrate up --url ${urlOf(db)}   # applies ${first}, too: other steps need what it creates\n`,
    );
    expect(tables.stderr).not.toContain("a skip does not end a conflict");
    const uuid = await runOn(db, ["up", "--yes", "--skip", "2024_12_04_attachment_deleted", "--reason", "not yet"]);
    expect(uuid.exit, uuid.stderr).toBe(0);
    expect((await runOn(db, ["status"])).exit).toBe(0);
    const late = await runOn(db, ["up", "--yes", "--skip", parent, "--reason", "too late"]);
    expect(late.exit).toBe(64);
    expect(late.stderr).toContain("is already applied");
  });

  test("a whole kind, and invalid names", async () => {
    await using db = await makeDatabase("official");
    const up = await runOn(db, ["up", "--yes", "--skip", "procedures,SchemaStatus", "--reason", "ours are enough"]);
    expect(up.exit, up.stderr).toBe(0);
    expect(
      await db.query("SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()"),
    ).toEqual([]);
    expect((await runOn(db, ["status"])).exit).toBe(0);
    expect((await runOn(db, ["verify"])).stdout).toContain(
      `\`ispyb-migrate up --unskip procedures --url ${urlOf(db)}\` applies it`,
    );
    for (const wrong of [
      ["--skip", "procedures"],
      ["--reason", "why"],
      ["--skip", "nothing_like_it", "--reason", "why"],
      ["--unskip", "grants"],
      ["--skip", "grants", "--reason", "why", "--unskip", "procedures"],
    ]) {
      expect((await runOn(db, ["up", "--yes", ...wrong])).exit, wrong.join(" ")).toBe(64);
    }
    const one = await runOn(db, ["up", "--yes", "--unskip", "procedures/upsert_processing_job"]);
    expect([one.exit, one.stderr]).toEqual([64, expect.stringMatching(/found +all procedures are skipped, because: /)]);
    const unskipped = await runOn(db, ["up", "--yes", "--unskip", "procedures"]);
    expect(unskipped.exit, unskipped.stderr).toBe(0);
    expect(/\b(\d+) procedures\b/.exec(unskipped.stdout)?.[1]).toBe(String((await loadProcedures()).length));
    await takeDown(db);
    expect(await db.query("SHOW TABLES LIKE 'ispyb_migrate%'")).toEqual([]);
  });

  test("a skip outlives the down of other migrations", async () => {
    await using db = await makeDatabase("official");
    const name = "2026_07_02_job_uuid";
    // The procedure names the column: it would fail when it is called.
    const names = `${name},procedures/create_processing_job`;
    const up = await runOn(db, ["up", "--yes", "--skip", names, "--reason", "not yet"]);
    expect(up.exit, up.stderr).toBe(0);
    const down = await runOn(db, ["down", "--yes", "--last", "2"]);
    expect(down.stdout).toContain("2 migrations undone");
    const plan = await runOn(db, ["plan"]);
    expect(plan.stdout).toMatch(/2026_07_02_job_uuid +skipped\n +because: not yet/);
    expect(plan.stdout).toMatch(/2026_01_27_parent_auto_proc_program_id +pending/);
    expect((await runOn(db, ["up", "--yes"])).exit).toBe(0);
    expect((await runOn(db, ["verify"])).stdout).toContain("skipped: 1 migration");
    const { exit, stderr } = await runOn(db, ["up", "--yes", "--unskip", "procedures"]);
    expect([exit, stderr]).toEqual([64, expect.stringContaining("procedures is not skipped as a whole\n")]);
    expect(stderr).toContain("up --unskip procedures/create_processing_job ");
  });

  test("procedures that need a skipped migration: the printed up applies both", async () => {
    await using db = await makeDatabase("official");
    const name = "2026_07_02_job_uuid";
    const up = await runOn(db, ["up", "--yes", "--skip", `${name},procedures`, "--reason", "not yet"]);
    expect(up.exit, up.stderr).toBe(0);
    const refused = await runOn(db, ["up", "--yes", "--unskip", "procedures"]);
    expect(refused.exit, refused.stderr).toBe(4);
    expect(refused.stderr).toContain("error CONFLICT: procedures need tables or columns that do not exist\n");
    const printed = /next +ispyb-migrate up --unskip (\S+) .*# applies .*, too: /.exec(refused.stderr)?.[1];
    expect(printed).toBe(`procedures,${name}`);
    expect((await runOn(db, ["up", "--yes", "--unskip", printed ?? ""])).exit).toBe(0);
    expect((await runOn(db, ["verify"])).stdout).not.toContain("skipped");
  });

  test("a skip of applied procedures is shown, and its end leaves them as they are", async () => {
    await using db = await upgradedDatabase(lane, "official");
    const skip = await runOn(db, ["up", "--yes", "--skip", "procedures,grants", "--reason", "ours are enough"]);
    expect(skip.exit, skip.stderr).toBe(0);
    expect(skip.stderr).toContain("skipped from now on: procedures, grants, because: ours are enough\n");
    // There are no roles here: a skip of them is shown, too.
    expect((await runOn(db, ["status"])).stdout).toMatch(/^skipped: grants, because: ours are enough /m);
    for (const command of ["status", "verify", "plan"]) {
      const { exit, stdout } = await runOn(db, [command]);
      expect([exit, stdout], command).toEqual([0, expect.stringContaining("because: ours are enough")]);
    }
    const unskip = await runOn(db, ["up", "--yes", "--unskip", "procedures"]);
    expect(unskip.exit, unskip.stderr).toBe(0);
    expect(unskip.stderr).toContain("no longer skipped: procedures\n");
    expect((await runOn(db, ["status"])).stdout).toMatch(/procedures +applied +21\/21/);
  });

  test("a renamed column that procedures need stops them, and the error says how to continue", async () => {
    await using db = await makeDatabase("official");
    await db.query("ALTER TABLE AutoProcProgram RENAME COLUMN processingEnvironment TO environment");
    const plan = await runOn(db, ["plan"]);
    expect(plan.exit).toBe(4);
    expect(plan.stderr).toContain("needs AutoProcProgram.processingEnvironment");
    const names = /--skip (\S+)/.exec(plan.stderr)?.[1] ?? "";
    const up = await runOn(db, ["up", "--yes", "--skip", names, "--reason", "no such column here"]);
    expect(up.exit, up.stderr).toBe(0);
    await upgrade(db);
  });
});
