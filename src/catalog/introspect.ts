import type { Db } from "../db/db.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { canonicalCharset, canonicalCollation } from "../dialect/normalize/charset.ts";
import type { Catalog, StoredObject, Table } from "../model.ts";
import { id, placeholders } from "../sql.ts";
import { buildTable } from "./build-table.ts";
import {
  type ColumnRow,
  type IndexRow,
  type SchemaRow,
  type TableRow,
  catalogQueries,
  schemaColumns,
} from "./information-schema.ts";
import { parseConstraints } from "./show-create.ts";

export interface IntrospectOptions {
  /**
   * Only these tables, without views, triggers and routines; everything if left out. A name that does not exist is
   * no error.
   */
  readonly tables?: readonly string[];
}

/**
 * The catalog of the connected database, read only with SELECT and SHOW. The account needs SELECT on the tables.
 * Objects that it may not see are missing here, although they may exist: src/plan/read-plan.ts refuses an account
 * without SELECT on the whole database.
 */
export async function introspect(db: Db, dialect: Dialect, options: IntrospectOptions = {}): Promise<Catalog> {
  const ask = catalogQueries(dialect, options.tables);
  const names = options.tables ?? [];
  const tableRows = await db.rows<TableRow & SchemaRow>(ask.tables, names);
  // Each of its tables tells it; a database that has none of them is asked.
  const [schema] = tableRows.length > 0 ? tableRows : await db.rows<SchemaRow>(`SELECT ${schemaColumns}`);
  const columns = groupByTable(await db.rows<ColumnRow>(ask.columns, names));
  const indexes = groupByTable(await db.rows<IndexRow>(ask.indexes, names));

  const tables: Record<string, Table> = {};
  const otherObjects: Record<string, string> = {};
  for (const row of tableRows) {
    if (row.TABLE_TYPE !== "BASE TABLE" && row.TABLE_TYPE !== "SYSTEM VERSIONED") {
      otherObjects[row.TABLE_NAME] = row.TABLE_TYPE;
      continue;
    }
    const [shown] = await db.rows<{ "Create Table": string }>(`SHOW CREATE TABLE ${id(row.TABLE_NAME)}`);
    tables[row.TABLE_NAME] = buildTable(dialect, {
      table: row,
      columns: columns.get(row.TABLE_NAME) ?? [],
      indexes: indexes.get(row.TABLE_NAME) ?? [],
      constraints: parseConstraints(shown?.["Create Table"] ?? ""),
    });
  }
  return {
    database: db.database,
    charset: canonicalCharset(schema?.charset ?? ""),
    collation: canonicalCollation(schema?.collation ?? ""),
    lowerCaseTableNames: Number(schema?.lower ?? 0) as 0 | 1 | 2,
    tables,
    otherObjects,
    behind: await tablesBehind(db, Object.keys(otherObjects)),
    ...(options.tables === undefined ? await storedObjects(db) : { views: [], triggers: [], routines: [] }),
  };
}

/** `SELECT … FROM` one table, as the server writes it: both names quoted, the database first. */
const shownTable = / from `(?<database>[^`]+)`\.`(?<table>[^`]+)`(?: where .*)?$/;

/** The one table that each of these views shows, where this account may read its text. */
async function tablesBehind(db: Db, views: readonly string[]): Promise<Record<string, string>> {
  if (views.length === 0) return {};
  const rows = await db.rows<{ name: string; definition: string | null }>(
    "SELECT TABLE_NAME AS name, VIEW_DEFINITION AS definition FROM information_schema.VIEWS " +
      `WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (${placeholders(views)})`,
    [...views],
  );
  return Object.fromEntries(
    rows.flatMap(({ definition, name }) => {
      const { database, table } = shownTable.exec(definition ?? "")?.groups ?? {};
      return table === undefined || database !== db.database ? [] : [[name, table]];
    }),
  );
}

/** Views, triggers and routines, with their text if this account may read it. */
export async function storedObjects(db: Db): Promise<Pick<Catalog, "views" | "triggers" | "routines">> {
  const views = await db.rows<{ name: string; definition: string | null }>(
    "SELECT TABLE_NAME AS name, VIEW_DEFINITION AS definition FROM information_schema.VIEWS " +
      "WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME",
  );
  const triggers = await db.rows<{ name: string; table: string; definition: string | null }>(
    "SELECT TRIGGER_NAME AS name, EVENT_OBJECT_TABLE AS `table`, ACTION_STATEMENT AS definition " +
      "FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY TRIGGER_NAME",
  );
  const routines = await db.rows<{ name: string; kind: string; definition: string | null }>(
    "SELECT ROUTINE_NAME AS name, LOWER(ROUTINE_TYPE) AS kind, ROUTINE_DEFINITION AS definition " +
      "FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() " +
      "AND ROUTINE_TYPE IN ('PROCEDURE', 'FUNCTION') ORDER BY ROUTINE_NAME",
  );
  return {
    views: views.map(stored),
    triggers: triggers.map((row) => ({ ...stored(row), table: row.table })),
    routines: routines.map((row) => ({ ...stored(row), kind: row.kind as "procedure" | "function" })),
  };
}

/** The object; without a definition if the server hides it from this account (empty or NULL). */
function stored(row: { name: string; definition: string | null }): StoredObject {
  return row.definition === null || row.definition === ""
    ? { name: row.name }
    : { name: row.name, definition: row.definition };
}

function groupByTable<R extends { TABLE_NAME: string }>(rows: readonly R[]): Map<string, R[]> {
  return Map.groupBy(rows, (row) => row.TABLE_NAME);
}
