/** The sessions that could hold a lock, on a server that does not show who does. */
import { formatAccount } from "../access/account.ts";
import { readPrivileges } from "../access/privileges.ts";
import type { Server } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { unlessRefused } from "../db/server-errors.ts";
import type { Session } from "./describe.ts";
import { nowAsInnodb, readSessions } from "./read-holders.ts";

/** As many as a person reads. */
const SHOWN = 5;

export interface Candidates {
  readonly sessions: readonly Session[];
  /** Further ones, not listed. */
  readonly more: number;
}

/**
 * Sessions whose transaction began a second ago or earlier, the oldest first; not those that wait themselves: they are
 * behind the blocker. `withRows`: those alone that have rows locked.
 */
export async function readCandidates(db: Db, own: readonly number[], withRows: boolean): Promise<Candidates> {
  const rows = await unlessRefused(
    db.rows<{ id: number }>(
      "SELECT DISTINCT t.trx_mysql_thread_id AS id, t.trx_started FROM information_schema.INNODB_TRX t " +
        "LEFT JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id " +
        `WHERE t.trx_mysql_thread_id NOT IN (0, ${own.join(", ")}) AND t.trx_state <> 'LOCK WAIT' ` +
        `AND t.trx_started < ${nowAsInnodb} AND COALESCE(p.STATE, '') NOT LIKE 'Waiting for %' ` +
        `${withRows ? "AND t.trx_rows_locked > 0 " : ""}ORDER BY t.trx_started`,
    ),
  );
  const ids = (rows ?? []).map(({ id }) => Number(id));
  return { sessions: await readSessions(db, ids.slice(0, SHOWN)), more: Math.max(0, ids.length - SHOWN) };
}

/** What would show the holder: a GRANT that this account lacks, or what the server lacks. Nothing if both are there. */
export async function wayToSee(db: Db, { account, dialect }: Server): Promise<string[]> {
  const { enable, grant, locks } = dialect.names.lockView;
  const privileges = await readPrivileges(db);
  const [row] = (await unlessRefused(db.rows<{ n: number }>(`SELECT COUNT(*) AS n FROM (${locks}) AS l`))) ?? [];
  const needed = [
    ...(privileges.missingGlobally(["PROCESS"]).length > 0 ? ["GRANT PROCESS ON *.*"] : []),
    ...(row === undefined && grant !== undefined ? [grant] : []),
  ];
  // Even this session holds locks while it asks: a view without rows is switched off.
  const isOff = row === undefined ? grant === undefined : Number(row.n) === 0;
  return [
    ...needed.map(
      (each) => `${each} TO ${formatAccount(account)};   -- shows sessions of other accounts and their locks`,
    ),
    ...(isOff ? [enable] : []),
  ];
}
