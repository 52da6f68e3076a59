/**
 * A transaction of another session keeps a table in use for longer than a run tries: the run ends, and says who. These
 * servers do not show who holds a metadata lock.
 */
import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { journalOf, targetOf, upgrade } from "../support/upgrade.ts";

onEveryServer("a table stays in use", (lane) => {
  test("LOCK_TIMEOUT", async () => {
    await using db = await freshDatabase(lane, "official");
    const user = await db.connection();
    // In REPEATABLE READ it would be waited for as a dump is: see test/run/snapshots.test.ts.
    await user.query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    await user.query("START TRANSACTION");
    await user.query("SELECT COUNT(*) FROM AutoProcProgram");
    const run = upgrade(db, { lockTimeout: 1 });
    await expect(run).rejects.toMatchObject({
      code: "LOCK_TIMEOUT",
      exit: 2,
      message: "could not lock AutoProcProgram: other sessions keep it in use",
      details: {
        where: db.database,
        found: [
          expect.stringMatching(new RegExp(`^candidate: connection ${user.threadId} \\(root@.* has a transaction`)),
        ],
        done: expect.stringMatching(/tried \d+ times in \d+ s without effect/),
        next: expect.arrayContaining([
          expect.stringMatching(
            lane.vendor === "mysql" ? /^performance_schema = ON/ : /^INSTALL SONAME 'metadata_lock_info'/,
          ),
          `KILL ${user.threadId};   -- only if it holds the lock`,
        ]),
      },
    });
    await user.query("COMMIT");
    const { verification } = await upgrade(db);
    expect(verification.differences).toEqual([]);
    expect((await journalOf(db)).map(({ state }) => state)).not.toContain("intended");
  });

  // MariaDB waits for the rows of a child, which it shows without a plugin.
  test.runIf(lane.vendor === "mariadb")("a transaction on a child table is shown to be in the way", async () => {
    await using db = await freshDatabase(lane, "official");
    const user = await db.connection();
    await user.query("START TRANSACTION");
    await user.query("SELECT COUNT(*) FROM AutoProcProgramAttachment FOR UPDATE");
    // MariaDB 10.5 changes the parent meanwhile, and waits where the child itself is changed: for its metadata lock.
    const isOfChild = lane.name === "mariadb-10.5";
    const [table, mark] = isOfChild ? ["AutoProcProgramAttachment", "candidate: "] : ["AutoProcProgram", ""];
    await expect(upgrade(db, { lockTimeout: 1 })).rejects.toMatchObject({
      code: "LOCK_TIMEOUT",
      message: `could not lock ${table}: other sessions keep it in use`,
      details: {
        found: [
          expect.stringMatching(new RegExp(`^${mark}connection ${user.threadId} \\(root@.* has a transaction open`)),
        ],
        next: expect.arrayContaining([expect.stringMatching(new RegExp(`^KILL ${user.threadId};`))]),
      },
    });
  });

  test("an account that sees no other session names the GRANT, and no innocent", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query("CREATE USER mig@'%' IDENTIFIED BY 'migrate'");
    await db.query(`GRANT ALL ON ${db.database}.* TO mig@'%'`);
    const user = await db.connection();
    await user.query("LOCK TABLES AutoProcProgram READ");
    const account = targetOf(db, { user: "mig", password: "migrate" });
    const run = upgrade(db, { lockTimeout: 1, procedures: [], connect: (role) => connect(account, role) });
    await expect(run).rejects.toMatchObject({
      code: "LOCK_TIMEOUT",
      details: {
        found: "the server does not show which session holds the lock",
        next: expect.arrayContaining([expect.stringMatching(/^GRANT PROCESS ON \*\.\* TO 'mig'@'%';/)]),
      },
    });
  });
});
