/** The sessions that hold a lock for which one of ours waits, as the server shows them. */
import type { Server } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { unlessRefused } from "../db/server-errors.ts";
import { placeholders } from "../sql.ts";
import type { Session } from "./describe.ts";
import { type Lock, type Waiting, type WantedLock, inTheWay, wantedLocks } from "./lock-conflicts.ts";

interface LockRow extends Omit<Lock, "isPending">, Shown {
  readonly isPending: number;
}

/** What is wanted, among the locks that the server shows. */
type Wanted = (locks: readonly Lock[]) => readonly WantedLock[];

/**
 * The holders; none if they are gone already; undefined if this server, or this account, does not show them. `db` is
 * another session of ours; what it holds itself is left out.
 */
export function readHolders(db: Db, server: Server, waiting: Waiting): Promise<Session[] | undefined> {
  return readInTheWay(db, server, waiting.id, (locks) => wantedLocks(locks, waiting));
}

/** The sessions that use these tables, and would keep away who alters them; undefined as above. */
export function readUsers(
  db: Db,
  server: Server,
  own: number,
  names: readonly string[],
): Promise<Session[] | undefined> {
  return readInTheWay(db, server, own, () => [{ scopes: ["TABLE"], db: db.database, names, mode: "EXCLUSIVE" }]);
}

/** The sessions that keep all others from reading some table of this database; undefined as above. */
export function readLockers(db: Db, server: Server): Promise<Session[] | undefined> {
  return readInTheWay(db, server, db.connectionId, () => [{ scopes: ["TABLE"], db: db.database, mode: "SHARED_READ" }]);
}

/** The sessions that hold the rows for which a session waits; undefined if this account does not see them. */
export async function readRowHolders(db: Db, server: Server, id: number): Promise<Session[] | undefined> {
  const ids = await unlessRefused(db.rows<{ id: number }>(server.dialect.names.lockView.rowHolders, [id]));
  if (ids === undefined || ids.length === 0) return undefined;
  return readSessions(
    db,
    ids.map((row) => Number(row.id)),
  );
}

/** In the place of holders that wait for rows themselves, the sessions that have these rows: with them the others end. */
export async function readRoots(
  db: Db,
  server: Server,
  holders: readonly Session[] | undefined,
): Promise<readonly Session[] | undefined> {
  if (holders === undefined || holders.length === 0) return holders;
  const roots = new Map<number, Session>();
  for (const holder of holders) {
    const [root = holder, ...more] = (await readRowHolders(db, server, holder.id)) ?? [];
    for (const each of [root, ...more]) if (!roots.has(each.id)) roots.set(each.id, each);
  }
  return [...roots.values()];
}

/** These sessions, as far as this account sees them. */
export async function readSessions(db: Db, ids: readonly number[]): Promise<Session[]> {
  if (ids.length === 0) return [];
  const rows = await db.rows<Shown & { readonly id: number }>(
    "SELECT ID AS id, USER AS user, HOST AS host, IF(COMMAND = 'Sleep', TIME, NULL) AS idle, INFO AS `sql` " +
      `FROM information_schema.PROCESSLIST WHERE ID IN (${placeholders(ids)})`,
    [...ids],
  );
  const ages = await readAges(db, ids);
  const shown = new Map(rows.map((row) => [Number(row.id), row]));
  return ids.map((id) => ({ id, holds: [], ...shownOf(shown.get(id)), ...ageOf(ages.get(id)) }));
}

/** The server's clock in the zone of INNODB_TRX.trx_started: that of the server's system, whatever the session has. */
export const nowAsInnodb = "CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', 'SYSTEM')";

// --- internal ---

async function readInTheWay(db: Db, server: Server, own: number, wanted: Wanted): Promise<Session[] | undefined> {
  const rows = await unlessRefused(db.rows<LockRow>(server.dialect.names.lockView.locks));
  // An empty view is one that is switched off: a session that waits holds locks itself.
  if (rows === undefined || rows.length === 0) return undefined;
  const locks = rows.map((row) => ({ ...row, id: Number(row.id), isPending: Number(row.isPending) === 1 }));
  const holding = inTheWay(locks, wanted(locks), [own, db.connectionId]);
  const ages = await readAges(db, [...new Set(holding.map(({ id }) => id))]);
  return [...Map.groupBy(holding, ({ id }) => id)].map(([id, held]) => ({
    id,
    holds: held.map(({ mode, scope }) => (scope === "TABLE" ? mode : `${scope} ${mode}`)),
    ...shownOf(held[0]),
    ...ageOf(ages.get(id)),
  }));
}

/** Seconds since each session began its transaction. */
async function readAges(db: Db, ids: readonly number[]): Promise<ReadonlyMap<number, number>> {
  if (ids.length === 0) return new Map();
  const rows = await unlessRefused(
    db.rows<{ id: number; age: number }>(
      `SELECT trx_mysql_thread_id AS id, MAX(TIMESTAMPDIFF(SECOND, trx_started, ${nowAsInnodb})) AS age ` +
        `FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id IN (${placeholders(ids)}) GROUP BY trx_mysql_thread_id`,
      [...ids],
    ),
  );
  return new Map((rows ?? []).map((row) => [Number(row.id), Number(row.age)]));
}

function ageOf(age: number | undefined): Pick<Session, "age"> {
  return age === undefined ? {} : { age };
}

interface Shown {
  readonly user: string | null;
  readonly host: string | null;
  readonly idle: number | null;
  readonly sql: string | null;
}

/** What this account sees of a session. */
function shownOf(row: Shown | undefined): Pick<Session, "account" | "idle" | "sql"> {
  if (row === undefined || row.user === null) return {};
  return {
    account: `${row.user}@${row.host ?? ""}`,
    ...(row.idle === null ? {} : { idle: Number(row.idle) }),
    ...(row.sql === null ? {} : { sql: row.sql }),
  };
}
