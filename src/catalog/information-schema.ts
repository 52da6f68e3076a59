/** Rows of information_schema, and the statements that read them. */
import type { Dialect } from "../dialect/dialect.ts";
import { placeholders } from "../sql.ts";

export interface TableRow {
  readonly TABLE_NAME: string;
  readonly TABLE_TYPE: string;
  readonly ENGINE: string | null;
  readonly TABLE_COLLATION: string | null;
  readonly TABLE_COMMENT: string;
  readonly ROW_FORMAT: string | null;
}

/** What holds for the whole database. */
export interface SchemaRow {
  readonly charset: string;
  readonly collation: string;
  readonly lower: number | string;
}

export const schemaColumns =
  "@@character_set_database AS charset, @@collation_database AS collation, @@lower_case_table_names AS `lower`";

export interface ColumnRow {
  readonly TABLE_NAME: string;
  readonly COLUMN_NAME: string;
  readonly COLUMN_TYPE: string;
  readonly IS_NULLABLE: "YES" | "NO";
  readonly COLUMN_DEFAULT: string | null;
  readonly EXTRA: string;
  readonly CHARACTER_SET_NAME: string | null;
  readonly COLLATION_NAME: string | null;
  readonly COLUMN_COMMENT: string;
  readonly GENERATION_EXPRESSION: string | null;
}

export interface IndexRow {
  readonly TABLE_NAME: string;
  readonly INDEX_NAME: string;
  readonly NON_UNIQUE: number | string;
  readonly COLUMN_NAME: string | null;
  readonly COLLATION: string | null;
  readonly SUB_PART: number | null;
  readonly INDEX_TYPE: string;
  readonly INDEX_COMMENT: string;
  readonly EXPRESSION: string | null;
  /** Undefined on a server that has no such indexes. */
  readonly IGNORED?: "YES" | "NO";
}

/** Statements for tables, columns and indexes. Each filters by table names, if given. */
export function catalogQueries(dialect: Dialect, tables: readonly string[] | undefined) {
  const filter = tables === undefined ? "" : ` AND TABLE_NAME IN (${placeholders(tables) || "NULL"})`;
  const expression = dialect.can.functionalIndexes ? "EXPRESSION" : "NULL AS EXPRESSION";
  return {
    tables:
      `SELECT TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION, TABLE_COMMENT, ROW_FORMAT, ${schemaColumns} ` +
      `FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()${filter}`,
    columns:
      "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, CHARACTER_SET_NAME, " +
      "COLLATION_NAME, COLUMN_COMMENT, GENERATION_EXPRESSION " +
      `FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()${filter} ORDER BY TABLE_NAME, ORDINAL_POSITION`,
    indexes:
      `SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, COLUMN_NAME, COLLATION, SUB_PART, INDEX_TYPE, INDEX_COMMENT, ${expression}, ` +
      `${dialect.names.indexIgnored} ` +
      `FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()${filter} ` +
      "ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX",
  };
}
