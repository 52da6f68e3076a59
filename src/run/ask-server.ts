/**
 * Asks the server whether it would make an ALTER TABLE, without a change: one session reads the table in a transaction, a
 * second one sends the ALTER and does not wait. A server refuses what it cannot do before it waits for the readers of the
 * table, so an ALTER that has to wait is one that the server would make (measured: 1 to 60 ms, nothing in the binlog).
 */
import type { Server } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { ServerError, isDeadlock, isKilled, isLockTimeout } from "../db/server-errors.ts";
import { id } from "../sql.ts";
import type { Statement } from "../steps/contract.ts";

export interface Asking {
  /** Reads the table. */
  readonly main: Db;
  /** Sends the ALTER. Belongs to the question alone. */
  readonly asker: Db;
  readonly server: Server;
}

/** The server's refusal; undefined if it would make the change, or is too busy to say. Never for COPY: it would begin. */
export async function refusalOf(asking: Asking, table: string, statement: Statement): Promise<ServerError | undefined> {
  const { main, asker, server } = asking;
  const wait = server.dialect.names.shortestLockWait;
  const session = { ...statement.session, lock_wait_timeout: wait, innodb_lock_wait_timeout: 1 };
  const settings = Object.entries(session).map(([name, value]) => `${name} = ${value}`);
  await asker.run(`SET SESSION ${settings.join(", ")}`);
  await main.run("START TRANSACTION");
  let refusal: ServerError | undefined;
  try {
    refusal = await answerOf(asking, table, statement, wait !== "0");
  } catch (error) {
    // What ended the question is reported, and not that its transaction cannot be ended either.
    await endReading(main).catch(() => undefined);
    throw error;
  }
  await endReading(main);
  return refusal;
}

async function answerOf(
  { main, asker }: Asking,
  table: string,
  { sql }: Statement,
  waits: boolean,
): Promise<ServerError | undefined> {
  await main.rows(`SELECT 1 FROM ${id(table)} LIMIT 1`);
  const answer = asker.run(sql).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (waits) await endWaiting(main, asker, answer);
  const error = await answer;
  if (!(error instanceof ServerError)) return undefined;
  return isLockTimeout(error) || isKilled(error) || isDeadlock(error) ? undefined : error;
}

/** The global completion_type may begin another transaction, which would keep the users of the table out later. */
async function endReading(main: Db): Promise<void> {
  await main.run("ROLLBACK AND NO CHAIN");
}

/** Where the least wait is a second, users of the table would wait as long: the ALTER is ended as soon as it waits. */
async function endWaiting(main: Db, asker: Db, answer: Promise<unknown>): Promise<void> {
  const answered = answer.then(() => true);
  while (!(await Promise.race([answered, Promise.resolve(false)]))) {
    const [row] = await main.rows<{ state: string | null }>(
      "SELECT STATE AS state FROM information_schema.PROCESSLIST WHERE ID = ?",
      [asker.connectionId],
    );
    if (row?.state?.startsWith("Waiting for") !== true) continue;
    await main.run(`KILL QUERY ${asker.connectionId}`);
    return;
  }
}
