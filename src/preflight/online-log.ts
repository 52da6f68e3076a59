/**
 * The log in which InnoDB keeps what others write into a table while it builds a key or writes the table anew. If it
 * overflows, the build ends with error 1799 and its work is lost.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { formatBytes } from "../bytes.ts";
import type { Db } from "../db/db.ts";
import { buildsOf } from "../plan/builds.ts";
import type { Plan } from "../plan/read-plan.ts";

/** Seconds for which the log should last where it is unknown how long a build works. */
const WHILE_UNKNOWN = 600;

const SAMPLE_MS = 1000;

/**
 * Says if the log may overflow during the build of a large table, by the rate at which this server writes now: it is
 * measured for a second, and only if the table is larger than the log.
 */
export async function noteOnOnlineLog(db: Db, plan: Plan): Promise<string | undefined> {
  const [row] = await db.rows<{ most: number | string }>("SELECT @@GLOBAL.innodb_online_alter_log_max_size AS most");
  const most = Number(row?.most);
  const large = buildsOf(plan).filter(({ keepsLog, size }) => keepsLog && size.bytes > most);
  const [largest] = large.toSorted((a, b) => b.size.bytes - a.size.bytes);
  if (largest === undefined) return undefined;
  const before = await readWritten(db);
  const began = performance.now();
  await sleep(SAMPLE_MS);
  const rate = ((await readWritten(db)) - before) / ((performance.now() - began) / 1000);
  const seconds = largest.seconds ?? WHILE_UNKNOWN;
  if (rate * seconds <= most) return undefined;
  const wanted = 2 ** Math.ceil(Math.log2(rate * seconds * 2));
  return (
    `the server writes ${formatBytes(rate)} a second now. If all of it goes into ${largest.table} (${formatBytes(largest.size.bytes)}), the log ` +
    `of a build (innodb_online_alter_log_max_size, ${formatBytes(most)}) is full after ${Math.max(1, Math.floor(most / rate))} s, and a longer build ` +
    `would be lost (error 1799). Choose a quieter time, or: SET GLOBAL innodb_online_alter_log_max_size = ${wanted};`
  );
}

// --- internal ---

/** Bytes that InnoDB has written to its redo log: a little more than what changed in tables. */
async function readWritten(db: Db): Promise<number> {
  const [row] = await db.rows<{ Value: string }>("SHOW GLOBAL STATUS LIKE 'Innodb_os_log_written'");
  return Number(row?.Value);
}
