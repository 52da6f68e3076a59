/** The victim of a deadlock is sent again where nothing else was rolled back with it. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { isDeadlock } from "../../src/db/server-errors.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { targetOf } from "../support/upgrade.ts";
import { until } from "../support/within.ts";

/** Locks row 1 and waits for row 2. */
const CHANGE = "UPDATE Pair SET n = n + 1 ORDER BY id";

/** A table, and a session that holds its second row and has changed so much else that it is no victim. */
async function otherSession(db: TestDatabase) {
  await db.query("CREATE TABLE Pair (id int PRIMARY KEY, n int NOT NULL) ENGINE=InnoDB");
  await db.query("INSERT INTO Pair VALUES (1, 0), (2, 0)");
  await db.query("CREATE TABLE Heavy (id int PRIMARY KEY AUTO_INCREMENT, t varchar(20) NOT NULL) ENGINE=InnoDB");
  const other = await db.connection();
  await other.query("START TRANSACTION");
  for (let i = 0; i < 50; i++) await other.query("INSERT INTO Heavy (t) VALUES ('a'), ('b'), ('c')");
  await other.query("SELECT * FROM Pair WHERE id = 2 FOR UPDATE");
  return other;
}

/** Resolves when a session waits for a row. The server reads its list again only if it was not asked for 100 ms. */
function someoneWaits(db: TestDatabase): Promise<void> {
  const waiting = "SELECT 1 FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'";
  return until(async () => (await db.query(waiting)).length > 0, "a session that waits for a row", 150);
}

onEveryServer("a deadlock", (lane) => {
  test("a statement by itself is sent again, and takes effect once", async () => {
    await using db = await freshDatabase(lane, "empty");
    const other = await otherSession(db);
    await using session = await connect(targetOf(db));
    const changed = session.run(CHANGE);
    await someoneWaits(db);
    await other.query("SELECT * FROM Pair WHERE id = 1 FOR UPDATE");
    await sleep(50);
    await other.query("COMMIT");
    expect((await changed).affectedRows).toBe(2);
    expect(await db.query("SELECT n FROM Pair")).toEqual([{ n: 1 }, { n: 1 }]);
  });

  test("a statement of a transaction is not: what was before it is rolled back, too", async () => {
    await using db = await freshDatabase(lane, "empty");
    const other = await otherSession(db);
    await using session = await connect(targetOf(db));
    await session.run("START TRANSACTION");
    await session.run("UPDATE Pair SET n = 5 WHERE id = 1");
    const changed = session.run(CHANGE).catch((error: unknown) => error);
    await someoneWaits(db);
    await other.query("SELECT * FROM Pair WHERE id = 1 FOR UPDATE");
    expect(isDeadlock(await changed)).toBe(true);
    await session.run("ROLLBACK");
    await other.query("COMMIT");
    expect(await db.query("SELECT n FROM Pair")).toEqual([{ n: 0 }, { n: 0 }]);
    expect((await session.run(CHANGE)).affectedRows).toBe(2);
  });
});
