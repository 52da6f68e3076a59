/** A lock of each kind keeps a run waiting: the run names the session that holds it, and finishes when it is gone. */
import type { Connection } from "mysql2/promise";
import { expect, test } from "vitest";
import { runOn } from "../cli/run-cli.ts";
import type { TestDatabase } from "../support/servers.ts";
import { upgrade } from "../support/upgrade.ts";
import { FIRST_CHANGE, kindsOf, onServersThatShow, open, take } from "./kinds.ts";

/** The first line of a run that has to wait; the lock is released then, and the run has to finish. */
async function firstWait(db: TestDatabase, holder: Connection): Promise<string> {
  const reasons: string[] = [];
  const { recorded } = await upgrade(db, {
    to: FIRST_CHANGE,
    procedures: [],
    // The innocents may end with an error: a run would wait for them where it makes a table anew.
    allowStall: true,
    progress(event) {
      if (event.kind !== "waiting") return;
      reasons.push(event.reason);
      if (reasons.length === 1) holder.destroy();
    },
  });
  expect(recorded.at(-1)).toBe(FIRST_CHANGE);
  return reasons[0] ?? "";
}

onServersThatShow("blockers", (lane, newDatabase) => {
  test.for(kindsOf(lane))("$name", async (kind) => {
    await using db = await newDatabase();
    // Innocents, older than the blocker.
    for (const table of ["Proposal", "BLSession", "Person", "Protein"]) {
      const innocent = await db.connection();
      await innocent.query(open);
      await innocent.query(`SELECT COUNT(*) FROM ${table}`);
    }
    const holder = await take(db, kind);
    const reason = await firstWait(db, holder);
    expect(reason).toContain(`connection ${holder.threadId} (root@`);
    expect(reason).toMatch(kind.says);
    expect(reason).toContain(`KILL ${holder.threadId};`);
    expect(reason.match(/connection \d+/g)).toHaveLength(1);
    expect(reason.startsWith("the server is locked, as for a backup")).toBe(
      /backup|WITH READ LOCK$/i.test(kind.take.at(-1) ?? "") && !/AutoProc/.test(kind.take.at(-1) ?? ""),
    );
  });

  test("what only reads says whose LOCK TABLES … WRITE keeps it away", async () => {
    await using db = await newDatabase();
    await upgrade(db, { to: FIRST_CHANGE, procedures: [] });
    const holder = await take(db, { take: ["LOCK TABLES ispyb_migrate_journal WRITE"] });
    const commands = ["plan", "status", "verify"];
    const outcomes = await Promise.all(commands.map((command) => runOn(db, [command])));
    for (const [at, { exit, stderr }] of outcomes.entries()) {
      expect(exit).toBe(2);
      expect(stderr).toContain("error LOCK_TIMEOUT: could not read a table: another session keeps it locked");
      expect(stderr).toContain(`found   connection ${holder.threadId} (root@`);
      expect(stderr).toContain("holds LOCK TABLES … WRITE");
      expect(stderr).toContain(`KILL ${holder.threadId};`);
      expect(stderr).toMatch(new RegExp(`ispyb-migrate ${commands[at]} .*   # once the table is free`));
    }
    await holder.query("UNLOCK TABLES");
    expect((await runOn(db, ["plan"])).exit).toBe(0);
  });
});
