/** Resets side by side: what one of them does to its database is no change for another, and what a test does is. */
import { expect, test } from "vitest";
import { readServer } from "../../src/catalog/server.ts";
import { contentOf } from "../../src/reset/check.ts";
import { cloneDatabase } from "../../src/reset/clone.ts";
import { onEveryServer } from "../support/servers.ts";
import { besides, changes } from "./changes.ts";
import { pictureOf } from "./picture.ts";
import { ONE, TWIN, type TestDatabases, testDatabases } from "./test-databases.ts";

const UNTOUCHED = "ispyb_untouched";
const workers = [ONE, TWIN, "ispyb_3", "ispyb_4"] as const;

onEveryServer("workers that reset at once", (lane) => {
  test("take nothing of each other's resets for a change of definitions", async () => {
    await using databases = await fourWorkers(await testDatabases(lane));
    const before = await countedIn(databases);
    await Promise.all(workers.map((name) => insertAndReset(databases, name, 10)));
    expect(await comparisonsIn(databases)).toEqual({});
    expect(await countedIn(databases)).toBe(before);
    // The server did count what they did: each round moves three counters.
    expect(await ownChangesIn(databases)).toBeGreaterThanOrEqual(workers.length * 10 * 3);
  });

  test("see what a test of one of them does to definitions", async () => {
    await using databases = await fourWorkers(await testDatabases(lane));
    const { server } = databases;
    const wanted = await pictureOf(server, UNTOUCHED);
    const session = await databases.plain();
    const [, ...neighbours] = workers;
    const ended = Promise.all(neighbours.map((name) => insertAndReset(databases, name, 10)));
    const statements = [
      "ALTER TABLE ProcessingJob ADD COLUMN mine int",
      "CREATE TABLE mine (id int)",
      "DROP TABLE ProcessingJobParameter",
      "CREATE INDEX mine ON ProcessingJob (displayName)",
      "CREATE VIEW mine AS SELECT 1 AS one",
    ];
    for (const [at, sql] of statements.entries()) {
      await session.query(sql);
      await databases.reset(ONE);
      expect(await pictureOf(server, ONE), sql).toEqual(wanted);
      expect((await comparisonsIn(databases))[ONE], sql).toBe(at + 1);
    }
    await ended;
    for (const name of neighbours) {
      await databases.reset(name);
      expect(await pictureOf(server, name)).toEqual(wanted);
      expect((await comparisonsIn(databases))[name]).toBeGreaterThan(0);
    }
  });

  test("a reset says no more than what it did, also for definitions and if it is killed", async () => {
    await using databases = await testDatabases(lane, { before: besides });
    const { admin, plain, server } = databases;
    const { can, names } = (await readServer(admin)).dialect;
    for (const { name, run, wholeOnly = false } of changes) {
      if (wholeOnly && !can.prepareReplaceProcedure) continue;
      const [session, other] = [await plain(), await plain()];
      for (const each of [session, other]) await each.query("SET lock_wait_timeout = 1");
      await run(session, other, { one: (list) => list[0] as never, below: () => 0 });
      const before = await countedIn(databases);
      await databases.reset();
      const moved = (await countedIn(databases)) - before;
      // Where it depends on the object, only what was measured is said.
      if (names.changesOfStatement === "1" && name !== "left open") expect(moved, name).toBe(0);
      else expect(moved, name).toBeGreaterThanOrEqual(0);
      for (const each of [session, other]) each.destroy();
    }
    const before = await countedIn(databases);
    for (const pause of [1, 2, 3, 4, 6, 8, 12, 16]) {
      const session = await plain();
      await session.query("INSERT INTO ProcessingPipelineCategory (name) VALUES ('mine')");
      await session.query("INSERT INTO ProcessingJob (displayName) VALUES ('mine')");
      const call = session.query(`CALL ispyb_sandbox.reset('${ONE}')`).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, pause));
      await server.query(`KILL ${session.threadId}`).catch(() => {});
      await call;
    }
    await databases.reset();
    expect(await countedIn(databases)).toBeGreaterThanOrEqual(before);
    expect(await pictureOf(server, ONE)).toEqual(await pictureOf(server, TWIN));
  });
});

/** Two more databases of the first account, one that no test touches, and a reset of each: all of them have a baseline. */
async function fourWorkers(databases: TestDatabases): Promise<TestDatabases> {
  const { admin } = databases;
  const content = await contentOf(admin, ONE);
  for (const name of [...workers.slice(2), UNTOUCHED]) await cloneDatabase(admin, content, { name, account: ONE });
  for (const name of workers) await databases.reset(name);
  await admin.run("DELETE FROM ispyb_sandbox.slow_path");
  return databases;
}

/** Rows in three tables, so that three counters move, and a reset; so many times. */
async function insertAndReset({ plain, reset }: TestDatabases, name: string, rounds: number): Promise<void> {
  const session = await plain(name);
  for (let round = 0; round < rounds; round++) {
    await session.query("INSERT INTO ProcessingPipelineCategory (name) VALUES ('mine')");
    await session.query("INSERT INTO ProcessingJob (displayName) VALUES ('mine')");
    await session.query("INSERT INTO AutoProcProgram (processingCommandLine) VALUES ('mine')");
    await reset(name);
  }
  session.destroy();
}

/** The number of changes that no reset says to have made, as a reset of any database reads it. */
async function countedIn({ server }: TestDatabases): Promise<number> {
  await server.query("CALL ispyb_sandbox.read_changes(TRUE, @counted)");
  const [row] = await server.query<{ counted: string }>("SELECT SUBSTRING_INDEX(@counted, ' ', 1) AS counted");
  return Number(row?.counted);
}

async function ownChangesIn({ server }: TestDatabases): Promise<number> {
  const [row] = await server.query<{ total: number }>("SELECT total FROM ispyb_sandbox.own_changes");
  return Number(row?.total);
}

/** How often resets compared all definitions, by database. */
async function comparisonsIn({ server }: TestDatabases): Promise<Record<string, number>> {
  const rows = await server.query<{ db: string; definitions: number }>(
    "SELECT db, definitions FROM ispyb_sandbox.slow_path WHERE definitions > 0",
  );
  return Object.fromEntries(rows.map(({ db, definitions }) => [db, Number(definitions)]));
}
