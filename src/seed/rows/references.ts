/** Foreign rows that refer to a story's rows: they must be neither cascaded nor orphaned. */
import type { Db, Value } from "../../db/db.ts";
import { MigrateError } from "../../errors.ts";
import { sameName } from "../../model.ts";
import { plural } from "../../plural.ts";
import { id, idList, placeholders } from "../../sql.ts";
import { identifyingColumns } from "../story/kinds.ts";
import type { RecordedRow } from "./seeded-rows.ts";

/** A few examples are enough. */
const SHOWN = 5;

/** A column that refers to rows of a table. */
export interface Link {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly parent: string;
}

/** One line for each foreign row that refers to these rows; empty if there is none. */
export async function othersReferring(db: Db, rows: readonly RecordedRow[]): Promise<string[]> {
  const inUse: string[] = [];
  for (const [parent, own] of Map.groupBy(withIds(rows), ({ table }) => table)) {
    const labels = new Map(own.map(({ rowId, label }) => [rowId, label]));
    for (const link of await linksTo(db, parent, identifyingColumns(parent)[0] ?? "")) {
      for (const { id: target, n, example } of await referring(db, link, rows, [...labels.keys()])) {
        const them = `${plural(n, "row")} of ${link.schema === db.database ? "" : `${link.schema}.`}${link.table}`;
        inUse.push(
          `${labels.get(target)} (${parent} ${target}): ${them} (${example}) ${n === 1 ? "refers" : "refer"} to it by ${link.column}`,
        );
      }
    }
  }
  return inUse;
}

export interface RowWithId extends RecordedRow {
  readonly rowId: number;
}

export function withIds(rows: readonly RecordedRow[]): RowWithId[] {
  return rows.filter((row): row is RowWithId => row.rowId !== null);
}

/**
 * Links to a table: foreign keys, and columns of the same name as its key that lead an index. ISPyB has links
 * without a foreign key (AutoProc → AutoProcProgram). A column without an index would require a full table scan.
 */
export async function linksTo(db: Db, parent: string, key: string): Promise<Link[]> {
  const declared = await db.rows<Link>(
    "SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS `table`, COLUMN_NAME AS `column`, REFERENCED_TABLE_NAME AS parent " +
      "FROM information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME = ? " +
      "AND REFERENCED_COLUMN_NAME = ?",
    [parent, key],
  );
  const named = await db.rows<Link>(
    "SELECT DISTINCT s.TABLE_SCHEMA AS `schema`, s.TABLE_NAME AS `table`, s.COLUMN_NAME AS `column`, ? AS parent " +
      "FROM information_schema.STATISTICS AS s JOIN information_schema.TABLES AS t USING (TABLE_SCHEMA, TABLE_NAME) " +
      "WHERE s.TABLE_SCHEMA = DATABASE() AND s.SEQ_IN_INDEX = 1 AND s.COLUMN_NAME = ? AND t.TABLE_TYPE = 'BASE TABLE'",
    [parent, key],
  );
  const all = [...declared, ...named.filter(({ table }) => !sameName(table, parent))];
  const spell = ({ schema, table, column }: Link) => `${schema}.${table}.${column}`.toLowerCase();
  return [...new Map(all.map((link) => [spell(link), link])).values()];
}

/** The first column of its primary key; undefined if it has none. */
export async function primaryKey(db: Db, { schema, table }: Link): Promise<string | undefined> {
  const [row] = await db.rows<{ name: string }>(
    "SELECT COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? " +
      "AND INDEX_NAME = 'PRIMARY' AND SEQ_IN_INDEX = 1",
    [schema, table],
  );
  return row?.name;
}

export function keyValues({ table, rowId, written }: RecordedRow): Value[] {
  return rowId === null ? identifyingColumns(table).map((key) => written[key] ?? null) : [rowId];
}

/** `what`: "story multi-sweep"; `done`: what was changed before. */
export function rowsInUse(db: Db, what: string, others: readonly string[], done: string): MigrateError {
  return new MigrateError("ROWS_IN_USE", `other rows refer to rows of ${what}`, {
    where: db.database,
    found: others,
    done,
    next: "delete those rows, or let them refer to another row, then run the same command again",
  });
}

/** One text for each row of a table. */
export function formatKey(values: readonly unknown[]): string {
  return values.map(String).join(" ");
}

// --- internal ---

/** A locking read: it sees the current rows, not those of the start of the transaction, and keeps them. */
async function referring(db: Db, link: Link, rows: readonly RecordedRow[], targets: readonly number[]) {
  const values: Value[] = [...targets];
  const conditions = [`${id(link.column)} IN (${placeholders(targets)})`];
  const own = rows.filter(({ table }) => link.schema === db.database && sameName(table, link.table));
  if (own[0] !== undefined) {
    const keys = identifyingColumns(own[0].table);
    conditions.push(`${idList(keys)} NOT IN (${own.map(() => `(${placeholders(keys)})`).join(", ")})`);
    values.push(...own.flatMap(keyValues));
  }
  const shown = await primaryKey(db, link);
  const example =
    shown === undefined ? "''" : `SUBSTRING_INDEX(GROUP_CONCAT(${id(shown)} ORDER BY ${id(shown)}), ',', ${SHOWN})`;
  const counted = await db.rows<{ id: number; n: number; example: string }>(
    `SELECT ${id(link.column)} AS id, COUNT(*) AS n, ${example} AS example FROM ${id(link.schema)}.${id(link.table)} ` +
      `WHERE ${conditions.join(" AND ")} GROUP BY ${id(link.column)} LOCK IN SHARE MODE`,
    values,
  );
  return counted.map((row) => ({
    id: Number(row.id),
    n: Number(row.n),
    example: shown === undefined ? "without a key" : `${shown} ${row.example}`,
  }));
}
