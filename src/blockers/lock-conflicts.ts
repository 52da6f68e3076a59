/** Which metadata locks keep another one away, as both vendors define it. */
import { sameName } from "../model.ts";
import { writesRows } from "../writes-rows.ts";

/** A metadata lock that the server shows. */
export interface Lock {
  readonly id: number;
  readonly scope: string;
  readonly db: string | null;
  readonly name: string | null;
  readonly mode: string;
  readonly isPending: boolean;
}

/** What the session waits for: on these tables, on any of a database, or on the whole server. */
export interface WantedLock {
  readonly scopes: readonly string[];
  readonly db?: string;
  readonly names?: readonly string[];
  readonly mode: string;
}

/** A statement that waits, with the tables that it locks. */
export interface Waiting {
  readonly id: number;
  readonly database: string;
  readonly sql: string;
  readonly tables: readonly string[];
  /** As PROCESSLIST shows it. */
  readonly state: string;
}

/** Scopes of locks that a backup, or FLUSH TABLES WITH READ LOCK, holds on the whole server. */
const SERVER_SCOPES = ["BACKUP", "GLOBAL", "COMMIT"];

export function isBackupWait(state: string): boolean {
  return /^Waiting for (?:backup|global read|commit) lock/i.test(state);
}

/** What a session waits for: as the server shows it, or by its state where the server shows no pending locks. */
export function wantedLocks(locks: readonly Lock[], waiting: Waiting): WantedLock[] {
  const pending = locks.filter(({ id, isPending }) => isPending && id === waiting.id);
  if (pending.length > 0)
    return pending.map(({ scope, db, name, mode }) => ({
      scopes: [scope],
      mode,
      ...(db === null ? {} : { db }),
      ...(name === null ? {} : { names: [name] }),
    }));
  if (isBackupWait(waiting.state)) return [{ scopes: SERVER_SCOPES, mode: "INTENTION_EXCLUSIVE" }];
  const own = locks.filter(({ id }) => id === waiting.id);
  const holds = (table: string, mode?: string) =>
    own.some((lock) => isSame(lock.name, table) && (mode === undefined || lock.mode === mode));
  return waiting.tables
    .filter((table) => !holds(table, "EXCLUSIVE"))
    .map((table) => ({
      scopes: ["TABLE"],
      db: waiting.database,
      names: [table],
      mode: holds(table) ? "EXCLUSIVE" : firstMode(waiting.sql),
    }));
}

/** The locks of other sessions that keep `wanted` away. */
export function inTheWay<L extends Lock>(
  locks: readonly L[],
  wanted: readonly WantedLock[],
  own: readonly number[],
): L[] {
  return locks.filter(
    (lock) =>
      !lock.isPending && !own.includes(lock.id) && wanted.some((each) => isOn(lock, each) && excludes(lock, each.mode)),
  );
}

// --- internal ---

/** The lock with which a statement begins on its table. */
function firstMode(sql: string): string {
  if (writesRows(sql)) return "SHARED_WRITE";
  return /^\s*ALTER\b/i.test(sql) ? "SHARED_UPGRADABLE" : "EXCLUSIVE";
}

function isOn({ scope, db, name }: Lock, wanted: WantedLock): boolean {
  if (!wanted.scopes.includes(scope)) return false;
  if (wanted.db !== undefined && !isSame(db, wanted.db)) return false;
  return wanted.names === undefined || wanted.names.some((each) => isSame(name, each));
}

/** A server may keep all names in lower case. */
function isSame(a: string | null, b: string): boolean {
  return a !== null && sameName(a, b);
}

/** Held modes that keep each of these away; every other wanted mode is kept away by all. */
const keptAwayBy: Readonly<Record<string, ReadonlySet<string>>> = {
  SHARED_READ: new Set(["SHARED_NO_READ_WRITE", "EXCLUSIVE"]),
  SHARED_WRITE: new Set(["SHARED_READ_ONLY", "SHARED_NO_WRITE", "SHARED_NO_READ_WRITE", "EXCLUSIVE"]),
  SHARED_UPGRADABLE: new Set(["SHARED_UPGRADABLE", "SHARED_NO_WRITE", "SHARED_NO_READ_WRITE", "EXCLUSIVE"]),
};

function excludes({ scope, mode }: Lock, wanted: string): boolean {
  // Of the whole server: ordinary statements hold intentions, MariaDB's have names of their own.
  if (SERVER_SCOPES.includes(scope))
    return /^(?:SHARED|EXCLUSIVE|BACKUP_(?:FLUSH|WAIT_\w+|FTWRL\d|BLOCK_DDL))$/.test(mode);
  if (scope === "SCHEMA") return mode !== "INTENTION_EXCLUSIVE" || wanted !== "INTENTION_EXCLUSIVE";
  return keptAwayBy[wanted]?.has(mode) ?? true;
}
