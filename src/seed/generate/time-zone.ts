/**
 * The offsets of the server's time zone, read from the server: this machine may not know the zone. When clocks are
 * put forward, one hour does not exist, and a timestamp column refuses it.
 */
import type { Db } from "../../db/db.ts";

/** Seconds ahead of UTC from a moment on, the oldest first. Moments are seconds since 1970. */
export type Zone = readonly { readonly from: number; readonly ahead: number }[];

/** The offsets between these two moments, as far as servers know them. Requires the session's time_zone to be the server's. */
export async function readZone(db: Db, since: number, until: number): Promise<Zone> {
  const [from, to] = [Math.max(since, 0), Math.min(until, LAST)];
  const days = Array.from({ length: Math.ceil((to - from) / DAY) + 1 }, (_, day) => Math.min(from + day * DAY, to));
  const clocks: { moment: number; ahead: number }[] = [];
  for (let at = 0; at < days.length; at += AT_ONCE) clocks.push(...(await aheadAt(db, days.slice(at, at + AT_ONCE))));
  const [first] = clocks;
  const zone = [{ from: Number.NEGATIVE_INFINITY, ahead: first?.ahead ?? 0 }];
  for (const [at, { ahead, moment }] of clocks.entries()) {
    const before = clocks[at - 1];
    if (before === undefined || before.ahead === ahead) continue;
    zone.push({ from: await changeBetween(db, before.moment, moment), ahead });
  }
  return zone;
}

/** The moment of a local time in that zone, in seconds; taken as UTC outside the range that servers know. */
export async function momentOf(db: Db, time: string): Promise<number> {
  const [row] = await db.rows<{ moment: number | string | null }>("SELECT UNIX_TIMESTAMP(?) AS moment", [time]);
  const moment = Math.floor(Number(row?.moment ?? 0));
  return moment > 0 ? moment : Date.parse(`${time.replace(" ", "T")}Z`) / 1000;
}

// --- internal ---

const DAY = 86_400;

/** The range of a 31-bit timestamp. */
const LAST = 2 ** 31 - 1;

/** Number of moments in one statement. */
const AT_ONCE = 500;

async function aheadAt(db: Db, moments: readonly number[]): Promise<{ moment: number; ahead: number }[]> {
  // Some versions do not support the first second of 1970, and none supports earlier times.
  const expressions = moments.map((moment) => `IFNULL(FROM_UNIXTIME(${moment}), '')`).join(", ");
  const [row] = await db.rows<{ clocks: string }>(`SELECT CONCAT_WS(',', ${expressions}) AS clocks`);
  const clocks = String(row?.clocks).split(",");
  return moments.flatMap((moment, at) => {
    const clock = clocks[at] ?? "";
    return clock === "" ? [] : [{ moment, ahead: Date.parse(`${clock.replace(" ", "T")}Z`) / 1000 - moment }];
  });
}

/** The first second with another offset than at `from`. */
async function changeBetween(db: Db, from: number, to: number): Promise<number> {
  let [before, after] = [from, to];
  const [first] = await aheadAt(db, [from]);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    const [there] = await aheadAt(db, [middle]);
    if (there?.ahead === first?.ahead) before = middle;
    else after = middle;
  }
  return after;
}
