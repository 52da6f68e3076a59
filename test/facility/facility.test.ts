/** A facility's own migrations beside ours: one plan, one journal, one order of application. */
import { expect, test } from "vitest";
import { loadAllMigrations } from "../../src/facility/load.ts";
import { Home, runCli, runOn, urlOf } from "../cli/run-cli.ts";
import { freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { journalOf, takeDown, upgrade } from "../support/upgrade.ts";
import { facilityFolder, newColumn } from "./folder.ts";

const newest = "2026_07_03_processing_job_delete_rules";

/** Two migrations that sort before and behind ours. */
const two = {
  "2016_01_01_priority.ts": newColumn("ProcessingJob", "dlsPriority"),
  "2030_01_01_queue.js": newColumn("AutoProcProgram", "dlsQueue"),
};

onEveryServer("a facility's own migrations", (lane) => {
  test("follow ours, are recorded under their source, and every printed command keeps the folder", async () => {
    await using db = await freshDatabase(lane, "official");
    await using folder = await facilityFolder(two);
    const given = ["--migrations", `dls=${folder.path}`];
    const plan = await runOn(db, ["plan", ...given]);
    expect(plan.exit, plan.stderr).toBe(0);
    expect(plan.stdout).toMatch(new RegExp(`${newest}[^]*dls/2016_01_01_priority[^]*dls/2030_01_01_queue`));
    expect(plan.stdout).toContain(`--migrations dls=${folder.path}`);

    const up = await runOn(db, ["up", "--yes", "--json", ...given]);
    expect(up.exit, up.stdout).toBe(0);
    const { recorded } = JSON.parse(up.stdout) as { recorded: string[] };
    expect(recorded.slice(-3)).toEqual([newest, "dls/2016_01_01_priority", "dls/2030_01_01_queue"]);
    for (const command of ["status", "verify"]) {
      const ended = await runOn(db, [command, ...given]);
      expect(ended.exit, ended.stdout).toBe(0);
    }
    expect(await db.query("SELECT scriptName AS name FROM SchemaStatus WHERE scriptName LIKE 'dls/%'")).toHaveLength(2);
  });

  test("left out of a command, they are missing: it says which folder to pass again, and changes nothing", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await using folder = await facilityFolder(two);
    await upgrade(db, { migrations: await loadAllMigrations([`dls=${folder.path}`]) });
    const journal = await journalOf(db);
    for (const args of [
      ["up", "--yes"],
      ["down", "--last", "1", "--yes"],
    ]) {
      const { exit, stderr } = await runOn(db, args);
      expect(exit).toBe(4);
      expect(stderr).toContain("error HISTORY_CHANGED");
      expect(stderr).toContain("pass --migrations dls=DIR again, where DIR is the folder with the files of dls/");
    }
    expect(await journalOf(db)).toEqual(journal);
    using home = new Home();
    home.optionFile(`[ispyb-migrate]\nmigrations = dls=${folder.path}\n`);
    for (const setting of [{ ISPYB_MIGRATE_MIGRATIONS: `dls=${folder.path}` }, { HOME: home.path }]) {
      const { exit, stdout } = await runCli(["status", "--url", urlOf(db)], { ...setting, MYSQL_PWD: db.password });
      expect(stdout).toMatch(/dls\/2030_01_01_queue +applied/);
      expect(exit, stdout).toBe(0);
    }
  });

  test("a newer version of the tool is not late because of them, and down goes back by the order of application", async () => {
    await using db = await freshDatabase(lane, "official");
    await using folder = await facilityFolder(two);
    const all = await loadAllMigrations([`dls=${folder.path}`]);
    const older = all.filter(({ name }) => name !== newest);
    await upgrade(db, { migrations: older });
    expect((await upgrade(db, { migrations: all })).recorded).toEqual([newest]);

    const { undone } = await takeDown(db, { migrations: all, until: { last: 2 } });
    expect(undone).toEqual([newest, "dls/2030_01_01_queue"]);
    const to = await takeDown(db, { migrations: all, until: { to: "dls/2016_01_01_priority" } });
    expect(to.undone).toEqual(["dls/2016_01_01_priority"]);
  });

  test("a column that a .sql made in a table of ours is called the facility's own, as one by hand is", async () => {
    await using db = await upgradedDatabase(lane, "official");
    const sql = "ALTER TABLE ProcessingJob ADD dlsTicket int, ALGORITHM=INPLACE, LOCK=NONE;\n";
    await using folder = await facilityFolder({ "2026_01_01_ticket.sql": sql });
    const given = ["--migrations", `dls=${folder.path}`];
    const up = await runOn(db, ["up", "--yes", ...given]);
    expect(up.exit, up.stderr).toBe(0);
    await db.query("ALTER TABLE ProcessingJob ADD byHand int");
    const { exit, stdout } = await runOn(db, ["verify", ...given]);
    expect(exit, stdout).toBe(0);
    for (const name of ["dlsTicket", "byHand"]) {
      expect(stdout).toContain(`column ProcessingJob.${name} is the facility's own: int`);
    }
  });

  test("one that sorts before an applied one of its own folder is late", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await using folder = await facilityFolder(two);
    const given = [`dls=${folder.path}`];
    await upgrade(db, { migrations: await loadAllMigrations(given) });
    await folder.write("2020_01_01_between.js", newColumn("AutoProcProgram", "dlsBetween"));
    await expect(upgrade(db, { migrations: await loadAllMigrations(given) })).rejects.toMatchObject({
      code: "LATE_MIGRATION",
      details: { found: ["dls/2020_01_01_between"] },
    });
  });
});
