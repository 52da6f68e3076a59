import { setTimeout as pause } from "node:timers/promises";
import { createConnection } from "mysql2/promise";
import type { Place } from "./servers.ts";

/**
 * A database that only a fresh server of the pool has. Whoever drops it has the server: dropping is
 * atomic, so two test processes never get the same one, without any arrangement between them.
 */
export const TICKET = "pool_ticket";

/** How long all servers of the pool may be busy, in milliseconds. */
const PATIENCE = 90_000;

const DATABASE_DOES_NOT_EXIST = 1008;

/** A fresh server of the pool, taken. */
export async function takeServer(host: string, ports: readonly number[], password: string): Promise<Place> {
  const deadline = Date.now() + PATIENCE;
  while (Date.now() < deadline) {
    for (const port of ports) {
      const place = { host, port, user: "root", password };
      if (await dropTicket(place)) return place;
    }
    await pause(50);
  }
  throw new Error(`no server of the pool became free in ${PATIENCE / 1000} s: is a TestDatabase not disposed?`);
}

/** The server starts again by itself, as a fresh copy. */
export async function giveBack(place: Place): Promise<void> {
  const db = await createConnection({ ...place, connectTimeout: 5000 });
  db.on("error", () => {});
  await db.query("SHUTDOWN").catch(() => {});
  db.destroy();
}

async function dropTicket(place: Place): Promise<boolean> {
  try {
    const db = await createConnection({ ...place, connectTimeout: 5000 });
    db.on("error", () => {});
    try {
      await db.query(`DROP DATABASE ${TICKET}`);
      return true;
    } finally {
      db.destroy();
    }
  } catch (error) {
    const { errno, code, fatal } = error as { errno?: number; code?: string; fatal?: boolean };
    // Taken by another test, or on its way down or up.
    const busy = errno === DATABASE_DOES_NOT_EXIST || errno === 1053 || fatal === true || code === "ECONNREFUSED";
    if (busy) return false;
    throw error;
  }
}
