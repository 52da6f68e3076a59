/**
 * A transaction of another session keeps a table in use for longer than a run tries: the run ends, and says who. The
 * transaction uses a child of the table, for which MariaDB waits otherwise than for the table itself.
 */
import { afterEach, expect, test, vi } from "vitest";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { journalOf, upgrade } from "../support/upgrade.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

onEveryServer("a table stays in use", (lane) => {
  // Twenty attempts of one second each: one series of each vendor is enough.
  test.runIf(["mariadb-10.11", "mysql-9"].includes(lane.name))("LOCK_TIMEOUT", { timeout: 60_000 }, async () => {
    // The pauses between the attempts are random; this makes them 0.
    vi.spyOn(Math, "random").mockReturnValue(-0.5);
    await using db = await freshDatabase(lane, "official");
    const user = await db.connection();
    // In REPEATABLE READ it would be waited for as a dump is: see test/run/snapshots.test.ts.
    await user.query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    await user.query("START TRANSACTION");
    await user.query("SELECT COUNT(*) FROM AutoProcProgramAttachment FOR UPDATE");
    const reasons: string[] = [];
    const run = upgrade(db, {
      progress: (event) => (event.kind === "waiting" ? reasons.push(event.reason) : undefined),
    });
    await expect(run).rejects.toMatchObject({
      code: "LOCK_TIMEOUT",
      exit: 2,
      message: "could not lock AutoProcProgram: other sessions keep it in use",
      details: {
        where: db.database,
        found: [expect.stringMatching(new RegExp(`^connection ${user.threadId} \\(root@`))],
        done: expect.stringContaining("tried 20 times without effect"),
      },
    });
    expect(reasons).toHaveLength(19);
    await user.query("COMMIT");
    const { verification } = await upgrade(db);
    expect(verification.differences).toEqual([]);
    expect((await journalOf(db)).map(({ state }) => state)).not.toContain("intended");
  });
});
