/** The session of the run that holds the lease, as this server shows it. */
import { hostname } from "node:os";
import type { Db } from "../db/db.ts";
import { ServerError } from "../db/server-errors.ts";
import type { LeaseHolder } from "./lease-holder.ts";
import { advisoryLockName } from "./lease-sql.ts";

/** The connection that holds the advisory lock here. */
export async function lockHolder(db: Db): Promise<number | undefined> {
  const [lock] = await db.rows<{ id: number | null }>("SELECT IS_USED_LOCK(?) AS id", [advisoryLockName(db.database)]);
  return lock?.id == null ? undefined : Number(lock.id);
}

/** True if the server works on a statement of this session. Undefined if this account cannot see it, or it has ended. */
export async function isExecuting(db: Db, connectionId: number): Promise<boolean | undefined> {
  const [row] = await db.rows<{ command: string }>(
    "SELECT COMMAND AS command FROM information_schema.PROCESSLIST WHERE ID = ?",
    [connectionId],
  );
  return row === undefined ? undefined : row.command !== "Sleep";
}

/**
 * Ends the session of a silent run that has no statement, so that the server lets go of its locks. Returns false if this
 * account may not, or cannot see the session. A script has no heartbeats: its session is never ended.
 */
export async function endSilentSession(db: Db, held: LeaseHolder, lock: number): Promise<boolean> {
  // Another run that wants the lease, too, may have the lock for a moment.
  if (!held.silent || held.connectionId !== lock || processOf(held.holder) === undefined) return false;
  if ((await isExecuting(db, lock)) !== false) return false;
  try {
    await db.run(`KILL ${lock}`);
    return true;
  } catch (error) {
    if (error instanceof ServerError) return false;
    throw error;
  }
}

/** What the lease calls the holder. */
export function nameOfHolder(account: string): string {
  return `${account} from ${hostname()}, process ${process.pid}`;
}

/** True if the holder was a process of this machine that has ended: its heartbeats need not be waited for. */
export function isGone({ holder }: LeaseHolder): boolean {
  const itsProcess = processOf(holder);
  if (itsProcess === undefined || itsProcess.host !== hostname()) return false;
  try {
    process.kill(itsProcess.id, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

// --- internal ---

function processOf(holder: string): { readonly host: string; readonly id: number } | undefined {
  const parts = / from (\S+), process (\d+)$/.exec(holder);
  return parts?.[1] === undefined ? undefined : { host: parts[1], id: Number(parts[2]) };
}
