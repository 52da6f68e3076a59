/** Who waits while a statement gets its lock, table by table: foreign keys make users of other tables wait, too. */
import type { Server } from "../catalog/server.ts";
import { type Catalog, findTable, sameName } from "../model.ts";
import { listed } from "../plural.ts";
import type { Statement } from "../steps/contract.ts";

export interface Waits {
  readonly table: string;
  /** Readers and writers, or writers alone. */
  readonly who: "users" | "writers";
}

/**
 * Measured on MariaDB 10.11 and MySQL 9.7, with a transaction open on the table or on a relative of it. For a moment, or
 * behind such a transaction for one try of a second.
 */
export function whoWaits(statement: Statement, { dialect: { can } }: Server, catalog: Catalog): Waits[] {
  const { locks, sql } = statement;
  const verb = /^\s*(?:SET STATEMENT \S+ = \S+ FOR )?(\w+)/i.exec(sql)?.[1]?.toUpperCase();
  const isOfTable = verb !== undefined && /^(?:ALTER|DROP|RENAME|LOCK)$/.test(verb);
  const changed = isOfTable ? locks.slice(0, 1) : [];
  const referenced = isOfTable ? locks.slice(1) : locks;
  const users = [...changed, ...(can.newForeignKeyLocksParent || verb === undefined ? referenced : [])];
  const relatives = users.flatMap((table) => [
    ...parentsOf(catalog, table).map((name): Waits => ({ table: name, who: "writers" })),
    ...childrenOf(catalog, table).map((name): Waits => ({ table: name, who: can.alterLocksChildren })),
  ]);
  const dropped = verb === "DROP" && !can.newForeignKeyLocksParent ? referenced : [];
  return strongest([
    ...users.map((table): Waits => ({ table, who: "users" })),
    ...dropped.map((table): Waits => ({ table, who: "writers" })),
    ...relatives,
  ]);
}

/** "users of A, writers of B and C" */
export function formatWaits(waits: readonly Waits[]): string {
  const groups = (["users", "writers"] as const).flatMap((who) => {
    const tables = waits.filter((each) => each.who === who).map(({ table }) => table);
    return tables.length === 0 ? [] : [`${who} of ${listed(tables)}`];
  });
  return groups.join(", ");
}

// --- internal ---

function parentsOf(catalog: Catalog, name: string): string[] {
  const own = findTable(catalog, name)?.foreignKeys ?? [];
  return own.flatMap(({ parent }) => (parent.database === undefined ? [parent.table] : []));
}

function childrenOf(catalog: Catalog, name: string): string[] {
  return Object.values(catalog.tables)
    .filter(({ foreignKeys }) =>
      foreignKeys.some(({ parent }) => parent.database === undefined && sameName(parent.table, name)),
    )
    .map((table) => table.name);
}

/** Each table once, with the most that waits there. */
function strongest(waits: readonly Waits[]): Waits[] {
  const byTable = new Map<string, Waits>();
  for (const each of waits) if (byTable.get(each.table)?.who !== "users") byTable.set(each.table, each);
  return [...byTable.values()];
}
