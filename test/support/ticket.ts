import { setTimeout as pause } from "node:timers/promises";
import { createConnection } from "mysql2";
import type { Place } from "./servers.ts";

/**
 * A database that only a fresh server of the pool has. Whoever drops it has the server: dropping is
 * atomic, so two test processes never get the same one, without any arrangement between them.
 */
export const TICKET = "pool_ticket";

/** How long all servers of the pool may be busy, in seconds: less than a test may take. */
const PATIENCE = 200;

/** How long one server may take to greet us and to answer, in seconds. */
const ANSWER = 15;

/** The ticket is gone; or a test has made the whole server read-only meanwhile. */
const TAKEN: ReadonlySet<number | undefined> = new Set([1008, 1290, 1792]);
/** Shutdown in progress, and connection killed: either may be the answer of a server on its way down. */
const GOING_DOWN: ReadonlySet<number | undefined> = new Set([1053, 1927]);

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
  await asked(place, "SHUTDOWN", ANSWER).catch((error: Fault) => {
    // Its end is what is wanted, and a test may have brought it about.
    if (!isGoingDown(error)) throw error;
  });
}

interface Fault {
  readonly errno?: number;
  readonly code?: string;
  readonly fatal?: boolean;
  readonly message: string;
}

function isGoingDown({ errno, code, fatal }: Fault): boolean {
  return GOING_DOWN.has(errno) || fatal === true || code === "ECONNREFUSED";
}

/** Undefined if the ticket is ours now, or why it is not to be had yet. */
async function dropTicket(place: Place, seconds: number): Promise<string | undefined> {
  try {
    await asked(place, `DROP DATABASE ${TICKET}`, seconds);
    return undefined;
  } catch (error) {
    const fault = error as Fault;
    if (TAKEN.has(fault.errno)) return "taken by a test (is a TestDatabase not disposed?)";
    if (isGoingDown(fault) || fault.code === SILENT) return fault.message || (fault.code ?? "");
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
