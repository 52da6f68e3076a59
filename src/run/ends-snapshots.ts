/** What a statement means for a transaction that began before it and reads on afterwards. */
import type { Server } from "../catalog/server.ts";
import type { Statement } from "../steps/contract.ts";

export interface Harm {
  /** True if every later read of the table fails; false if only reads of what is new do. */
  readonly isCertain: boolean;
  /** What it means for each of them, in a sentence. */
  readonly effect: string;
}

/**
 * Undefined if older transactions notice nothing. Measured on MariaDB 10.11 and MySQL 9.7: a table that was rebuilt or
 * copied fails, and on MySQL one with a new or dropped column, too; a new table or key fails where it is read.
 */
export function endsSnapshots(statement: Statement, server: Server): Harm | undefined {
  const { fill, locks, sql } = statement;
  if (fill !== undefined) return undefined;
  const [table = "the table"] = locks;
  if (/^\s*CREATE TABLE\b/i.test(sql)) {
    return { isCertain: false, effect: onNew };
  }
  if (!/^\s*(?:SET STATEMENT \S+ = \S+ FOR )?ALTER TABLE\b/i.test(sql)) return undefined;
  if (writesAllRows(statement, server)) return { isCertain: true, effect: effectOn(table) };
  return addsKey(sql) ? { isCertain: false, effect: onNew } : undefined;
}

// --- internal ---

function effectOn(what: string): string {
  return `after this change, its reads of ${what} fail with error 1412`;
}

const onNew = "if it reads a new table, or reads by a new key, it gets error 1412; its other reads succeed";

function writesAllRows({ online, reads, rebuilds, sql }: Statement, { dialect: { can } }: Server): boolean {
  switch (online?.algorithm) {
    // A facility's own statement: the server chooses.
    case undefined:
    case "COPY":
      return true;
    case "INPLACE":
      return can.withoutRebuild.algorithm !== "INPLACE" || rebuilds === true || (reads !== undefined && !addsKey(sql));
    case "NOCOPY":
      return false;
    case "INSTANT":
      return can.instantColumnEndsSnapshots && /\b(?:ADD|DROP) COLUMN\b/.test(sql);
  }
}

function addsKey(sql: string): boolean {
  return /^ALTER TABLE `[^`]+` ADD (?:(?:UNIQUE|FULLTEXT|SPATIAL) )?(?:KEY|INDEX|CONSTRAINT)\b/.test(sql);
}
