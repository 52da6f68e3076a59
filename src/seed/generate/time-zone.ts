/**
 * The clocks of the server's own time zone, which this machine need not know: asked of the server. Where
 * they are put forward, an hour does not exist, and a column of the type timestamp refuses it.
 */
import type { Db } from "../../db/db.ts";

/** Seconds that the clocks are ahead of UTC, from a moment on, oldest first. Moments are seconds since 1970. */
export type Zone = readonly { readonly from: number; readonly ahead: number }[];

/** The clocks between these two moments, as far as servers know them. The session's time_zone has to be the server's. */
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

/** The moment of a time in that zone, in seconds; as if it were UTC where servers know nothing of it. */
export async function momentOf(db: Db, time: string): Promise<number> {
  const [row] = await db.rows<{ moment: number | string | null }>("SELECT UNIX_TIMESTAMP(?) AS moment", [time]);
  const moment = Math.floor(Number(row?.moment ?? 0));
  return moment > 0 ? moment : Date.parse(`${time.replace(" ", "T")}Z`) / 1000;
}

// --- internal ---

const DAY = 86_400;

/** What 31 bits of a timestamp reach. */
const LAST = 2 ** 31 - 1;

/** How many moments one statement asks about. */
const AT_ONCE = 500;

async function aheadAt(db: Db, moments: readonly number[]): Promise<{ moment: number; ahead: number }[]> {
  // Some versions do not know the first second of 1970, and none knows what lies before.
  const asked = moments.map((moment) => `IFNULL(FROM_UNIXTIME(${moment}), '')`).join(", ");
  const [row] = await db.rows<{ clocks: string }>(`SELECT CONCAT_WS(',', ${asked}) AS clocks`);
  const clocks = String(row?.clocks).split(",");
  return moments.flatMap((moment, at) => {
    const clock = clocks[at] ?? "";
    return clock === "" ? [] : [{ moment, ahead: Date.parse(`${clock.replace(" ", "T")}Z`) / 1000 - moment }];
  });
}

/** The first second with other clocks than at `from`. */
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
