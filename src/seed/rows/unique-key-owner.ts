/**
 * A row may be there already under another label, or be about to go: two of the same unique key cannot
 * stand side by side, not even until the old one is removed, and so the new one takes its place.
 */
import type { Db, Value } from "../../db/db.ts";
import type { Column } from "../../model.ts";
import { id } from "../../sql.ts";
import { keysOf } from "../story/kinds.ts";
import type { BoundRow } from "./bind.ts";
import { formatKey, keyValues } from "./references.ts";
import type { RecordedRow, Written } from "./seeded-rows.ts";

/** Which of `left` has the unique key that `written` would have. The server says it: it knows what it takes for equal. */
export async function uniqueKeyOwner(
  db: Db,
  { table, uniqueKeys }: BoundRow,
  written: Written,
  left: ReadonlySet<RecordedRow>,
): Promise<RecordedRow | undefined> {
  const own = [...left].filter((old) => old.table === table);
  if (own.length === 0 || uniqueKeys.length === 0) return undefined;
  const keys = keysOf(table);
  const holders = await db.rows<Record<string, unknown>>(
    `SELECT ${keys.map(id).join(", ")} FROM ${id(table)} WHERE ${uniqueKeys.map((key) => condition(key, written)).join(" OR ")}`,
    uniqueKeys.flatMap((key) => values(key, written)),
  );
  const spelled = new Set(holders.map((row) => formatKey(keys.map((key) => row[key]))));
  return own.find((old) => spelled.has(formatKey(keyValues(old))));
}

// --- internal ---

/** A column that is not written has its default; where that is NULL the key is equal to no other. */
function condition(key: readonly Column[], written: Written): string {
  const parts = key.map(
    (column) => `${id(column.name)} = ${column.name in written ? "?" : (column.default ?? "NULL")}`,
  );
  return `(${parts.join(" AND ")})`;
}

function values(key: readonly Column[], written: Written): Value[] {
  return key.flatMap(({ name }) => written[name] ?? (name in written ? [null] : []));
}
