/** Who kept a statement waiting, for the line of progress and for the error. */
import type { Server } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { type Session, describeSession } from "./describe.ts";
import { readCandidates, wayToSee } from "./read-candidates.ts";
import type { Seen, WaitKind } from "./watch-wait.ts";

export interface Blockers {
  readonly kind: WaitKind;
  readonly sessions: readonly Session[];
  /** The server itself shows that these sessions hold the lock; otherwise they are candidates. */
  readonly isCertain: boolean;
  /** Further candidates, not listed. */
  readonly more: number;
  /** Statements, or a setting, that would show the holder. */
  readonly toSee: readonly string[];
}

/** `own`: sessions of this run. `kind`: what is assumed if no wait was seen. */
export async function findBlockers(
  db: Db,
  server: Server,
  seen: Seen,
  own: readonly number[],
  kind: WaitKind = seen.kind ?? "table",
): Promise<Blockers> {
  if (seen.holders !== undefined) {
    const isVisible = seen.holders.every(({ account }) => account !== undefined);
    const toSee = isVisible ? [] : await wayToSee(db, server);
    return { kind, sessions: seen.holders, isCertain: true, more: 0, toSee };
  }
  // A backup's session has no transaction that would tell it.
  const candidates = kind === "backup" ? { sessions: [], more: 0 } : await readCandidates(db, own, kind === "rows");
  return { kind, ...candidates, isCertain: false, toSee: await wayToSee(db, server) };
}

/** "AutoProcProgram is in use; connection 7 (…) has a transaction open for 3 s; `KILL 7;` ends it" */
export function waitingText(what: string, { kind, sessions, isCertain, more }: Blockers): string {
  const head = kind === "backup" ? `${backupIs} (${what})` : `${what} is in use`;
  if (sessions.length === 0) return isCertain ? head : `${head}; the server does not show by which session`;
  const said = sessions.map(describeSession);
  if (!isCertain) return `${head}; candidates: ${[...said, ...furtherOf(more)].join("; ")}`;
  return [head, ...sessions.map((session, at) => `${said[at]} (${killOf(session)} ends it)`)].join("; ");
}

/** The same as details of an error. */
export function blockerDetails({ kind, sessions, isCertain, more, toSee }: Blockers): {
  readonly seen: string | readonly string[];
  readonly next: readonly string[];
} {
  const said = sessions.map(describeSession);
  const end = kind === "backup" ? "wait until the backup has ended" : "wait until these sessions have ended their work";
  if (isCertain && said.length > 0) {
    return {
      seen: said,
      next: [`${end}, or end the sessions:`, ...sessions.map(killOf), ...toSee],
    };
  }
  const unseen = kind === "backup" ? `${backupIs}; the server does not show by which session` : notShown;
  return {
    seen: said.length === 0 ? unseen : [...said.map((each) => `candidate: ${each}`), ...furtherOf(more)],
    next: [
      ...toSee,
      ...(said.length === 0
        ? ["SHOW FULL PROCESSLIST;   -- as an account with PROCESS"]
        : [`${end}, or end the one that holds the lock:`]),
      ...sessions.map((session) => `${killOf(session)}   -- only if it holds the lock`),
    ],
  };
}

// --- internal ---

const backupIs = "the server is locked, as for a backup";
const notShown = "the server does not show which session holds the lock";

function killOf({ id }: Session): string {
  return `KILL ${id};`;
}

function furtherOf(more: number): string[] {
  return more === 0 ? [] : [`and ${more} more`];
}
