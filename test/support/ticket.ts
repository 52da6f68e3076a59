import { setTimeout as pause } from "node:timers/promises";
import { createConnection } from "mysql2";
import type { Place } from "./servers.ts";

/**
 * A database that only a fresh server of the pool has. Whoever drops it has the server: dropping is
 * atomic, so two test processes never get the same one, without any arrangement between them.
 */
export const TICKET = "pool_ticket";

/** How long all servers of the pool may be busy, in seconds: less than a test may take. */
const PATIENCE = 50;

/** How long one server may take to greet us and to answer, in seconds. */
const ANSWER = 5;

const DATABASE_DOES_NOT_EXIST = 1008;
const SHUTTING_DOWN = 1053;

/** A fresh server of the pool, taken. */
export async function takeServer(
  host: string,
  ports: readonly number[],
  password: string,
  patience = PATIENCE,
): Promise<Place> {
  const deadline = Date.now() + patience * 1000;
  const states = new Map<number, string>();
  while (Date.now() < deadline) {
    for (const port of ports) {
      const place = { host, port, user: "root", password };
      const busy = await dropTicket(place, Math.min(ANSWER, patience));
      if (busy === undefined) return place;
      states.set(port, busy);
    }
    await pause(50);
  }
  const said = [...states].map(([port, state]) => `port ${port}: ${state}`).join("; ");
  throw new Error(`waited ${patience} s in vain for a free server of the pool on ${host}. ${said}`);
}

/** The server starts again by itself, as a fresh copy. */
export async function giveBack(place: Place): Promise<void> {
  await asked(place, "SHUTDOWN", ANSWER).catch((error: { code?: string; fatal?: boolean }) => {
    // Its end is what is wanted, and a test may have brought it about.
    if (error.fatal !== true && error.code !== "ECONNREFUSED") throw error;
  });
}

/** Undefined if the ticket is ours now, or why it is not to be had yet. */
async function dropTicket(place: Place, seconds: number): Promise<string | undefined> {
  try {
    await asked(place, `DROP DATABASE ${TICKET}`, seconds);
    return undefined;
  } catch (error) {
    const { errno, code, fatal, message } = error as {
      errno?: number;
      code?: string;
      fatal?: boolean;
      message: string;
    };
    if (errno === DATABASE_DOES_NOT_EXIST) return "taken by a test (is a TestDatabase not disposed?)";
    // On its way down or up.
    if (errno === SHUTTING_DOWN || fatal === true || code === "ECONNREFUSED" || code === SILENT)
      return message || (code ?? "");
    throw error;
  }
}

const SILENT = "SILENT";

/** One statement on a connection of its own. The driver bounds how long connecting takes, but not an answer. */
async function asked(place: Place, sql: string, seconds: number): Promise<void> {
  const db = createConnection({ ...place, connectTimeout: seconds * 1000 });
  // Without a listener an error of the connection would end the process.
  db.on("error", () => {});
  try {
    await new Promise<void>((resolve, reject) => {
      const silent = Object.assign(new Error(`no answer to ${sql} in ${seconds} s`), { code: SILENT });
      const timer = setTimeout(() => reject(silent), seconds * 1000);
      db.query(sql, (error) => {
        clearTimeout(timer);
        if (error === null) resolve();
        else reject(error);
      });
    });
  } finally {
    db.destroy();
  }
}
