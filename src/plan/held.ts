/**
 * Who waits until a statement ends, because it keeps writers out of its table for as long as it works. Measured on MariaDB
 * 10.11 and MySQL 9.7, for COPY and for INPLACE with LOCK=SHARED: an UPDATE or DELETE that a foreign key may carry into the
 * table waits, too, whatever rows it is about, and so on from parent to parent.
 */
import type { Relation } from "../catalog/relations.ts";
import { sameName } from "../model.ts";
import type { Statement } from "../steps/contract.ts";
import type { Waits } from "./who-waits.ts";

/** None for a statement that others can write beside. */
export function heldUntilEnd({ locks, online, reads }: Statement, relations: readonly Relation[]): Waits[] {
  const table = reads ?? locks[0];
  if (table === undefined || online === undefined) return [];
  const { algorithm, lock } = online;
  if (lock === "NONE" || (lock === "DEFAULT" && algorithm !== "COPY")) return [];
  const cascading = cascadingInto(relations, table).map((name): Waits => ({ table: name, who: "cascades" }));
  return [{ table, who: lock === "EXCLUSIVE" ? "users" : "writers" }, ...cascading];
}

// --- internal ---

/** The tables whose UPDATE or DELETE may change rows of this one. */
function cascadingInto(relations: readonly Relation[], name: string): string[] {
  const reached = new Set([name]);
  // A set visits what is added to it on the way.
  for (const table of reached)
    for (const { cascades, child, parent } of relations) if (cascades && sameName(child, table)) reached.add(parent);
  return [...reached].filter((table) => !sameName(table, name));
}
