/** Ten migrations of a facility, through everything that ours go through. */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { MigrateError } from "../../src/errors.ts";
import { loadAllMigrations } from "../../src/facility/load.ts";
import { waysOut } from "../../src/preflight/unknown.ts";
import { runOn } from "../cli/run-cli.ts";
import { CutOff, cuttingConnect } from "../migrate/cut.ts";
import { type TestDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { shareOfCases } from "../support/share.ts";
import { catalogOf, journalOf, takeDown, upgrade } from "../support/upgrade.ts";
import { tenMigrations, tenNames } from "./ten-migrations.ts";

/** The facility's rows, and what of its routines and triggers is there. */
async function contentOf(db: TestDatabase) {
  const routines = await db.query(
    "SELECT ROUTINE_NAME AS name FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_NAME LIKE 'dls%'",
  );
  const triggers = await db.query(
    "SELECT TRIGGER_NAME AS name FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() AND TRIGGER_NAME LIKE 'dls%'",
  );
  return { routines, triggers, queue: await db.query("SELECT * FROM dlsQueue ORDER BY dlsQueueId").catch(() => []) };
}

/** Whether the statement that was cut off took effect, told as a person would by looking. */
async function settle(db: TestDatabase, folder: string, error: unknown, how: "accept" | "forget"): Promise<void> {
  if (!(error instanceof MigrateError) || error.code !== "UNKNOWN_OUTCOME") throw error;
  const name = tenNames.find((each) => error.details.where?.startsWith(`${each} step`)) ?? "";
  expect(error.details.next).toEqual(expect.arrayContaining(waysOut(name)));
  const looked = await runOn(db, ["status", "--migrations", `dls=${folder}`]);
  expect([looked.exit, looked.stdout]).toEqual([
    1,
    expect.stringContaining("1 statement cut off, and nothing shows whether it took effect; "),
  ]);
  const args = [how, name, "--reason", "we looked", "--yes", "--migrations", `dls=${folder}`];
  const ended = await runOn(db, args);
  expect(ended.exit, ended.stderr).toBe(0);
}

onEveryServer("ten migrations of a facility", (lane) => {
  test("plan, up, status, verify, down and up again", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await using folder = await tenMigrations();
    const given = ["--migrations", `dls=${folder.path}`];
    const before = await catalogOf(db);
    const plan = await runOn(db, ["plan", ...given]);
    expect([plan.exit, plan.stderr]).toEqual([0, ""]);
    for (const name of tenNames) expect(plan.stdout).toContain(name);

    const up = await runOn(db, ["up", "--yes", "--json", ...given]);
    expect(up.exit, up.stdout).toBe(0);
    expect(JSON.parse(up.stdout)).toMatchObject({ recorded: tenNames });
    for (const command of ["status", "verify"]) {
      const ended = await runOn(db, [command, ...given]);
      expect(ended.exit, ended.stdout).toBe(0);
    }
    expect((await runOn(db, ["status", ...given])).stdout).toContain(`\ndls/ is from ${folder.path}\n`);
    expect(await contentOf(db)).toMatchObject({
      routines: [{ name: "dls_next" }],
      triggers: [{ name: "dls_before" }],
      queue: [
        { name: "fast", dlsWeight: 5 },
        { name: "slow", dlsWeight: 5 },
      ],
    });
    const after = await catalogOf(db);

    const migrations = await loadAllMigrations([`dls=${folder.path}`]);
    const { undone } = await takeDown(db, { migrations, until: { to: tenNames[0] ?? "" } });
    expect(undone).toEqual(tenNames.toReversed());
    expect(compareCatalogs(before, await catalogOf(db))).toEqual([]);
    expect(await contentOf(db)).toEqual({ routines: [], triggers: [], queue: [] });
    expect((await upgrade(db, { migrations })).recorded).toEqual(tenNames);
    expect(compareCatalogs(after, await catalogOf(db))).toEqual([]);
  });

  test("cut off at every statement, the next up comes to the same end, with accept or forget where nothing shows what happened", async () => {
    await using folder = await tenMigrations();
    const migrations = await loadAllMigrations([`dls=${folder.path}`]);
    const all = { sent: 0, texts: [] as string[] };
    await using undisturbed = await upgradedDatabase(lane, "official");
    await upgrade(undisturbed, { migrations, connect: cuttingConnect(undisturbed, all) });
    const [catalog, journal, content] = [
      await catalogOf(undisturbed),
      await statesOf(undisturbed),
      await contentOf(undisturbed),
    ];
    let settled = 0;
    // Together the servers take every statement.
    const rows = all.texts.findIndex((text) => text.includes("SchemaStatus"));
    const ours = all.texts.slice(0, rows).map((_, at) => at + 1);
    const points = shareOfCases(lane, ours, 1);
    expect(points.length).toBeGreaterThan(5);
    for (const at of points) {
      await using db = await upgradedDatabase(lane, "official");
      const cut = { at, when: "after the server did it" } as const;
      await upgrade(db, { migrations, connect: cuttingConnect(db, { sent: 0 }, cut) }).catch((error: unknown) =>
        expect(error).toBeInstanceOf(CutOff),
      );
      const sent = all.texts[at - 1] ?? "";
      const isSent = !/^(?:INSERT INTO ispyb_migrate|UPDATE ispyb_migrate)/.test(sent);
      const resumed = await upgrade(db, { migrations }).catch(async (error: unknown) => {
        settled += 1;
        await settle(db, folder.path, error, isSent ? "accept" : "forget");
        return upgrade(db, { migrations });
      });
      expect(resumed.verification.differences, sent).toEqual([]);
      expect(compareCatalogs(catalog, await catalogOf(db)), sent).toEqual([]);
      expect(await statesOf(db), sent).toEqual(journal);
      expect(await contentOf(db), sent).toEqual(content);
    }
    expect(settled).toBeLessThan(points.length);
  });

  test.each([
    ["DROP TRIGGER dls_before", undefined],
    ["UPDATE dlsQueue SET dlsWeight = NULL", "forget"],
    ["DELETE FROM dlsQueue", "forget"],
  ] as const)("down that is cut off at %s ends when it is run again", async (at, how) => {
    await using folder = await tenMigrations();
    const migrations = await loadAllMigrations([`dls=${folder.path}`]);
    await using db = await upgradedDatabase(lane, "official");
    const before = await catalogOf(db);
    await upgrade(db, { migrations });
    const until = { to: tenNames[0] ?? "" };
    const connect = cuttingConnect(db, { sent: 0 }, { at, when: "after the server did it" });
    await expect(takeDown(db, { migrations, until, connect })).rejects.toBeInstanceOf(CutOff);
    if (how !== undefined) {
      const error = await takeDown(db, { migrations, until }).catch((thrown: unknown) => thrown);
      await settle(db, folder.path, error, how);
    }
    await takeDown(db, { migrations, until });
    expect(compareCatalogs(before, await catalogOf(db))).toEqual([]);
    expect(await contentOf(db)).toEqual({ routines: [], triggers: [], queue: [] });
  });
});

async function statesOf(db: TestDatabase) {
  return (await journalOf(db)).map(({ migration, step, state, checksum }) => ({ migration, step, state, checksum }));
}
