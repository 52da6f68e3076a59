/** Who waits while a statement gets its lock, table by table: foreign keys make users of other tables wait, too. */
import type { Relation } from "../catalog/relations.ts";
import type { Server } from "../catalog/server.ts";
import { sameName } from "../model.ts";
import { listed } from "../plural.ts";
import type { Statement } from "../steps/contract.ts";

/**
 * users: readers and writers. cascades: those who update or delete rows. From there foreign keys cascade to a table that
 * is locked, and the server locks all that an UPDATE or DELETE may reach before it begins.
 */
export type Who = "users" | "writers" | "cascades";

export interface Waits {
  readonly table: string;
  readonly who: Who;
}

/**
 * Measured on MariaDB 10.11 and MySQL 9.7, with a transaction open on the table or on a relative of it. For a moment, or
 * behind such a transaction for one try of a second.
 */
export function whoWaits(
  { locks, sql }: Statement,
  { dialect: { can } }: Server,
  relations: readonly Relation[],
): Waits[] {
  const verb = /^\s*(?:SET STATEMENT \S+ = \S+ FOR )?(\w+)/i.exec(sql)?.[1]?.toUpperCase();
  const isOfTable = verb !== undefined && /^(?:ALTER|DROP|RENAME|LOCK)$/.test(verb);
  const changed = isOfTable ? locks.slice(0, 1) : [];
  const referenced = isOfTable ? locks.slice(1) : locks;
  const users = [...changed, ...(can.newForeignKeyLocksParent || verb === undefined ? referenced : [])];
  const dropped = verb === "DROP" && !can.newForeignKeyLocksParent ? referenced : [];
  const parents = users.flatMap((table) => parentsOf(relations, table));
  const children = users.flatMap((table) => childrenOf(relations, table));
  const locked = can.alterLocksChildren === "users" ? [...users, ...children] : users;
  return firstOfEach([
    ...as("users", [...users, ...(can.alterLocksChildren === "users" ? children : [])]),
    ...as("writers", [...dropped, ...parents, ...children]),
    ...as(
      "cascades",
      locked.flatMap((table) => cascadingTo(relations, table)),
    ),
  ]);
}

/** "users of A, writers of B and C, UPDATE and DELETE in 12 other tables that cascade to these" */
export function formatWaits(waits: readonly Waits[]): string {
  const groups = (["users", "writers", "cascades"] as const).flatMap((who) => {
    const tables = waits.filter((each) => each.who === who).map(({ table }) => table);
    if (tables.length === 0) return [];
    if (who !== "cascades") return [`${who} of ${listed(tables)}`];
    const which =
      tables.length > MOST_NAMED ? `${tables.length} other tables that cascade` : `${listed(tables)}, by a cascade`;
    return [`UPDATE and DELETE in ${which} to these`];
  });
  return groups.join(", ");
}

/** Of tables that cascade: an old database has dozens, and JSON has them all. */
const MOST_NAMED = 3;

// --- internal ---

function as(who: Who, tables: readonly string[]): Waits[] {
  return tables.map((table) => ({ table, who }));
}

function parentsOf(relations: readonly Relation[], name: string): string[] {
  return relations.flatMap(({ child, parent }) => (sameName(child, name) ? [parent] : []));
}

function childrenOf(relations: readonly Relation[], name: string): string[] {
  return relations.flatMap(({ child, parent }) => (sameName(parent, name) ? [child] : []));
}

/** All tables with a row whose UPDATE or DELETE may reach this one: the last step on the way need not cascade. */
function cascadingTo(relations: readonly Relation[], name: string): string[] {
  const reached = new Set(parentsOf(relations, name));
  // A set visits what is added to it on the way.
  for (const table of reached)
    for (const { child, parent, cascades } of relations) if (cascades && sameName(child, table)) reached.add(parent);
  return [...reached];
}

/** Each table once: the strongest come first. */
function firstOfEach(waits: readonly Waits[]): Waits[] {
  return waits.filter(({ table }, at) => waits.findIndex((each) => sameName(each.table, table)) === at);
}
