/** Taking generated jobs back: ranges of ids, table by table, children first. */
import type { Db } from "../../db/db.ts";
import { MigrateError } from "../../errors.ts";
import { sameName } from "../../model.ts";
import { id } from "../../sql.ts";
import { type Link, linksTo, primaryKey } from "../others.ts";
import { type Generated, forgetGenerated, writeGenerated } from "./record.ts";
import { type TableName, keyOf, tableNames } from "./tables.ts";

export interface Removing {
  /** Throws LEASE_LOST once another run has taken over. */
  readonly check: () => void;
  readonly stop: AbortSignal;
  /** Ids that are looked through. */
  readonly onProgress: (rows: number) => void;
}

/** Rows that were written; whoever deleted some of them made it fewer. */
export function rowsWritten({ progress, ranges }: Generated): number {
  return tableNames.reduce((sum, table) => sum + progress.next[table] - ranges.first[table], 0);
}

/**
 * How many rows were removed. Throws ROWS_IN_USE before the first one where rows of others refer to them, and
 * INTERRUPTED: then the same command removes the rest.
 */
export async function removeGenerated(
  db: Db,
  generated: Generated,
  { check, onProgress, stop }: Removing,
): Promise<number> {
  const others = await othersReferring(db, generated);
  if (others.length > 0) {
    throw new MigrateError("ROWS_IN_USE", `rows of others refer to ${generated.name}`, {
      where: db.database,
      found: others,
      done: "nothing was changed",
      next: "remove those rows first, or let them refer to something else; then the same command again",
    });
  }
  await writeGenerated(db, { ...generated, state: "removing" });
  let removed = 0;
  let seen = 0;
  for (const table of tableNames.toReversed()) {
    const [first, end] = rangeOf(generated, table);
    // From behind, row by row: a program goes on from one that was written before it.
    for (let to = end; to > first; to -= AT_ONCE) {
      check();
      if (stop.aborted) throw interrupted(generated, removed);
      const from = Math.max(first, to - AT_ONCE);
      const key = id(keyOf(table));
      const { affectedRows } = await db.run(
        `DELETE FROM ${id(table)} WHERE ${key} >= ? AND ${key} < ? ORDER BY ${key} DESC`,
        [from, to],
      );
      removed += affectedRows;
      onProgress((seen += to - from));
    }
  }
  await forgetGenerated(db, generated.name);
  return removed;
}

// --- internal ---

/** How many ids one statement looks through. */
const AT_ONCE = 10_000;

/** Its first id, and the one behind its last. */
function rangeOf({ progress, ranges }: Generated, table: TableName): [first: number, end: number] {
  return [ranges.first[table], progress.next[table]];
}

async function othersReferring(db: Db, generated: Generated): Promise<string[]> {
  const found: string[] = [];
  for (const parent of tableNames) {
    const [first, end] = rangeOf(generated, parent);
    if (first === end) continue;
    for (const link of await linksTo(db, parent, keyOf(parent)))
      found.push(...(await referring(db, generated, link, first, end)));
  }
  return found;
}

async function referring(db: Db, generated: Generated, link: Link, first: number, end: number): Promise<string[]> {
  const own = tableNames.find((table) => link.schema === db.database && sameName(table, link.table));
  const key = await primaryKey(db, link);
  const column = id(link.column);
  const apart = own === undefined ? "" : ` AND NOT (${id(keyOf(own))} >= ? AND ${id(keyOf(own))} < ?)`;
  const [row] = await db.rows<{ parent: number; example: number | string | null }>(
    `SELECT ${column} AS parent, ${key === undefined ? "NULL" : id(key)} AS example FROM ${id(link.schema)}.${id(link.table)} ` +
      `WHERE ${column} >= ? AND ${column} < ?${apart} LIMIT 1`,
    [first, end, ...(own === undefined ? [] : rangeOf(generated, own))],
  );
  if (row === undefined) return [];
  const table = link.schema === db.database ? link.table : `${link.schema}.${link.table}`;
  return [`${table} ${key ?? "row"} ${row.example ?? ""} has ${link.parent} ${row.parent} as ${link.column}`];
}

function interrupted({ name }: Generated, removed: number): MigrateError {
  return new MigrateError("INTERRUPTED", "stopped as asked", {
    found: `${removed} rows of ${name} are removed, and the others are not`,
    done: "the statement that was running is finished",
    next: `ispyb-migrate seed remove ${name}   # removes the others`,
  });
}
