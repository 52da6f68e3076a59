/**
 * Finds the seeded row that holds this unique key, under another label or about to be deleted. Inserting before
 * deleting it would fail, so the new row takes it over.
 */
import type { Db, Value } from "../../db/db.ts";
import type { Column } from "../../model.ts";
import { id } from "../../sql.ts";
import { identifyingColumns } from "../story/kinds.ts";
import type { BoundRow } from "./bind.ts";
import { formatKey, keyValues } from "./references.ts";
import type { RecordedRow, Written } from "./seeded-rows.ts";

/** The row of `left` with the unique key of `written`. The server compares: only it knows which values it treats as equal. */
export async function uniqueKeyOwner(
  db: Db,
  { table, uniqueKeys }: BoundRow,
  written: Written,
  left: ReadonlySet<RecordedRow>,
): Promise<RecordedRow | undefined> {
  const own = [...left].filter((old) => old.table === table);
  if (own.length === 0 || uniqueKeys.length === 0) return undefined;
  const keys = identifyingColumns(table);
  const holders = await db.rows<Record<string, unknown>>(
    `SELECT ${keys.map(id).join(", ")} FROM ${id(table)} WHERE ${uniqueKeys.map((key) => condition(key, written)).join(" OR ")}`,
    uniqueKeys.flatMap((key) => values(key, written)),
  );
  const spelled = new Set(holders.map((row) => formatKey(keys.map((key) => row[key]))));
  return own.find((old) => spelled.has(formatKey(keyValues(old))));
}

// --- internal ---

/** A column that is not written has its default; a key with NULL equals no other key. */
function condition(key: readonly Column[], written: Written): string {
  const parts = key.map(
    (column) => `${id(column.name)} = ${column.name in written ? "?" : (column.default ?? "NULL")}`,
  );
  return `(${parts.join(" AND ")})`;
}

function values(key: readonly Column[], written: Written): Value[] {
  return key.flatMap(({ name }) => written[name] ?? (name in written ? [null] : []));
}
