/** A lock of each kind keeps a run waiting: the run names the session that holds it, and finishes when it is gone. */
import type { Connection } from "mysql2/promise";
import { beforeAll, expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { runOn } from "../cli/run-cli.ts";
import type { TestDatabase } from "../support/servers.ts";
import { targetOf, upgrade } from "../support/upgrade.ts";
import { until } from "../support/within.ts";
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
  let old: { readonly db: TestDatabase; readonly session: Connection };
  // While the other tests run, a transaction becomes old.
  beforeAll(async () => {
    const db = await newDatabase();
    await upgrade(db, { to: "2017_10_16_1_processing_job_tables", procedures: [] });
    await db.query("ALTER TABLE AutoProcProgram ADD COLUMN processingJobId int unsigned");
    const session = await take(db, {
      take: ["SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", open, "SELECT COUNT(*) FROM AutoProcProgram"],
    });
    old = { db, session };
  });

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

  test("an old transaction is named before a build", async () => {
    const { db, session } = old;
    const age =
      "SELECT MAX(TIMESTAMPDIFF(SECOND, trx_started, NOW())) AS age FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id = ?";
    await until(async () => Number((await db.query<{ age: number }>(age, [session.threadId]))[0]?.age) >= 10, "10 s");
    const notes: string[] = [];
    const run = (more: Parameters<typeof upgrade>[1], onWait: () => void = () => {}) =>
      upgrade(db, {
        to: FIRST_CHANGE,
        procedures: [],
        progress(event) {
          if (event.kind === "note") notes.push(event.text);
          if (event.kind === "waiting") onWait();
        },
        ...more,
      });
    const named = new RegExp(
      `^connection ${session.threadId} \\(root@.* has a transaction open for \\d+ s.*: this build cannot begin before it has ended$`,
    );
    if (lane.vendor === "mysql") {
      // It may see transactions, and no locks.
      await db.query("CREATE USER unseeing@'%' IDENTIFIED BY 'Sees-few-1'");
      await db.query(`GRANT ALL ON ${db.database}.* TO unseeing@'%'`);
      await db.query("GRANT PROCESS ON *.* TO unseeing@'%'");
      const target = targetOf(db, { user: "unseeing", password: "Sees-few-1" });
      const locked = run({ lockTimeout: 1, connect: (role) => connect(target, role) });
      await expect(locked).rejects.toMatchObject({ code: "LOCK_TIMEOUT" });
      expect(notes).toEqual([
        expect.stringMatching(/: if it uses AutoProcProgram, a build cannot begin before it has ended$/),
      ]);
      notes.length = 0;
    }
    await run({}, () => session.destroy());
    expect(notes).toEqual([expect.stringMatching(named)]);
  });
});
