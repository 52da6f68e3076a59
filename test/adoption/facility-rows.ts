/** The rows that a facility has before the first run of this tool. */
import { createHash } from "node:crypto";
import { id } from "../../src/sql.ts";
import type { TestDatabase } from "../support/servers.ts";
import { catalogOf } from "../support/upgrade.ts";
import type { State } from "./state.ts";

/** Columns by table. */
type Holdings = Readonly<Record<string, readonly string[]>>;

/** All of it but for SchemaStatus, into which `up` writes as upstream's scripts do. */
export async function holdingsOf(db: TestDatabase): Promise<Holdings> {
  const { tables } = await catalogOf(db);
  const names = Object.values(tables).map((table) => [table.name, table.columns.map((column) => column.name)] as const);
  return Object.fromEntries(names.filter(([table]) => table.toLowerCase() !== "schemastatus"));
}

/**
 * A checksum for each table, of those columns only. `fills` gives, by `Table.column`, an expression that
 * is read in place of a column; `adds`, by table, which rows count.
 */
export async function checksumsOf(
  db: TestDatabase,
  holdings: Holdings,
  { fills = {}, adds = {} }: Pick<State, "fills" | "adds"> = {},
): Promise<Record<string, string>> {
  const sums: Record<string, string> = {};
  for (const [table, columns] of Object.entries(holdings)) {
    const wanted = columns.map((column) => fills[`${table}.${column}`] ?? id(column));
    const rows = await db.query(`SELECT ${wanted.join(", ")} FROM ${id(table)} WHERE ${adds[table] ?? "TRUE"}`);
    const lines = rows.map((row) => JSON.stringify(Object.values(row))).toSorted();
    sums[table] = `${rows.length} rows, ${createHash("sha256").update(lines.join("\n")).digest("hex")}`;
  }
  return sums;
}

/** The rows of SchemaStatus, which `down` leaves as `up` met them. */
export function ledgerOf(db: TestDatabase): Promise<object[]> {
  return db.query("SELECT * FROM SchemaStatus ORDER BY schemaStatusId");
}
