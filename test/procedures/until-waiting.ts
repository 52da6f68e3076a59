import type { Connection } from "mysql2/promise";
import type { TestDatabase } from "../support/servers.ts";
import { until } from "../support/within.ts";

/** Until the server shows that this connection waits for a row; throws if `call` ends without waiting. */
export async function untilWaiting(
  db: TestDatabase,
  connection: Pick<Connection, "threadId">,
  call: Promise<unknown>,
): Promise<void> {
  let over = false;
  void call.then(
    () => (over = true),
    () => (over = true),
  );
  const waits = async () => {
    const [row] = await db.query<{ n: number }>(
      "SELECT COUNT(*) AS n FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT' AND trx_mysql_thread_id = ?",
      [connection.threadId],
    );
    return Number(row?.n) > 0;
  };
  const waitsOrFails = async () => {
    if (await waits()) return true;
    if (over) throw new Error("the call did not wait");
    return false;
  };
  // InnoDB repeats its last answer when it is asked more often than ten times a second.
  await until(waitsOrFails, "a call to wait for the other one's row", 150);
}
