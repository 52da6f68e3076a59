/**
 * The catalog of a database as readonly data, in one canonical spelling for every server:
 * types without display widths, defaults as SQL text, delete rules with NO ACTION written RESTRICT
 * (InnoDB treats both alike). src/dialect/ brings each server's own spelling into this form.
 */

export interface Column {
  readonly name: string;
  /** Canonical type, such as `int unsigned`, `varchar(80)`, `enum('a','b')`, `tinyint(1)`. */
  readonly type: string;
  readonly nullable: boolean;
  /** SQL text of the default: `NULL`, `'x'`, `0`, `current_timestamp()`; undefined if there is none. */
  readonly default?: string;
  readonly autoIncrement?: true;
  /** SQL text of ON UPDATE, always `current_timestamp()` with its precision. */
  readonly onUpdate?: string;
  /** Only on character columns. */
  readonly charset?: string;
  readonly collation?: string;
  readonly generated?: { readonly expression: string; readonly stored: boolean };
  /** INVISIBLE: left out of SELECT *. */
  readonly invisible?: true;
  /** COMPRESSED, on MariaDB: each value is compressed by itself. */
  readonly compressed?: true;
  /** SQL text of a CHECK that belongs to the column, on MariaDB. The table's `checks` have it, too, under the column's name. */
  readonly check?: string;
  readonly comment?: string;
}

export interface IndexPart {
  readonly column: string;
  /** Length in characters (bytes for binary columns) of a prefix index. */
  readonly prefix?: number;
  readonly descending?: true;
}

export interface Index {
  readonly name: string;
  readonly kind: "primary" | "unique" | "plain" | "fulltext" | "spatial";
  readonly parts: readonly IndexPart[];
  /** A unique key that the server keeps as a hash, in a hidden column: its columns are longer than a key may be. */
  readonly hash?: true;
  /** The optimizer may not use it: IGNORED on MariaDB, INVISIBLE on MySQL. Only foreign keys may. */
  readonly ignored?: true;
  readonly comment?: string;
}

export type ReferenceRule = "RESTRICT" | "CASCADE" | "SET NULL" | "SET DEFAULT";

export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly parent: { readonly database?: string; readonly table: string; readonly columns: readonly string[] };
  readonly onDelete: ReferenceRule;
  readonly onUpdate: ReferenceRule;
  /** How the server prints RESTRICT, where it is not by this word: a definition with the same words has the same text. */
  readonly restrict?: { readonly onDelete?: "NO ACTION" | "nothing"; readonly onUpdate?: "NO ACTION" | "nothing" };
}

export interface Check {
  readonly name: string;
  readonly expression: string;
}

export interface Table {
  readonly name: string;
  readonly engine: string;
  readonly charset: string;
  readonly collation: string;
  readonly comment?: string;
  /** ROW_FORMAT=COMPRESSED: no change of such a table is instant. */
  readonly compressed?: true;
  /** ROW_FORMAT=COMPACT or REDUNDANT: a key holds 767 bytes of a column, otherwise 3,072. */
  readonly shortKeys?: true;
  /** Times in the format before MariaDB 10.1: the server accepts only changes that copy the table (error 1846). */
  readonly oldTimes?: true;
  /**
   * What the server needs to add or drop a column of this table, where that is more than the rest of this catalog shows:
   * because of a hidden column, or of instant changes that are used up.
   */
  readonly columnChanges?: Online;
  readonly columns: readonly Column[];
  readonly indexes: readonly Index[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly checks: readonly Check[];
  /** Features that this model cannot represent (partitions, sequences, …): reported as not understood, never as equal. */
  readonly notUnderstood: readonly string[];
}

/** A view, trigger or routine. `definition` is undefined if this account may not read it. */
export interface StoredObject {
  readonly name: string;
  readonly definition?: string;
}

export interface Routine extends StoredObject {
  readonly kind: "procedure" | "function";
}

export interface Trigger extends StoredObject {
  readonly table: string;
}

export interface Catalog {
  readonly database: string;
  readonly charset: string;
  readonly collation: string;
  /** The server's lower_case_table_names: 0 compares table names by case, 1 and 2 do not. */
  readonly lowerCaseTableNames: 0 | 1 | 2;
  readonly tables: Readonly<Record<string, Table>>;
  /** Other objects that share the table namespace, by name: views, sequences. */
  readonly otherObjects: Readonly<Record<string, string>>;
  /** The table that a view shows, by the view's name, where it is one table of this database. */
  readonly behind?: Readonly<Record<string, string>>;
  readonly views: readonly StoredObject[];
  readonly triggers: readonly Trigger[];
  readonly routines: readonly Routine[];
}

export type Algorithm = "INSTANT" | "NOCOPY" | "INPLACE" | "COPY";
export type Lock = "NONE" | "SHARED" | "EXCLUSIVE" | "DEFAULT";

/** Algorithm and lock for an ALTER TABLE; the server refuses the statement if it needs more. */
export interface Online {
  readonly algorithm: Algorithm;
  readonly lock: Lock;
}

/** The server's estimate, never a count. */
export interface TableSize {
  readonly rows: number;
  readonly bytes: number;
}

export function findTable(catalog: Catalog, name: string): Table | undefined {
  return catalog.tables[catalog.lowerCaseTableNames === 0 ? name : name.toLowerCase()] ?? catalog.tables[name];
}

/** The type ("VIEW", "SEQUENCE", …) of an object with this name that is not a table. */
export function findOtherObject(catalog: Catalog, name: string): string | undefined {
  return catalog.otherObjects[catalog.lowerCaseTableNames === 0 ? name : name.toLowerCase()];
}

/** What generates the columns by which a table's own definition keeps history: MariaDB. */
export const ROW_START = "ROW START";
export const ROW_END = "ROW END";

/** In Table.notUnderstood: partitions by the time of a table's history, which end before the history can. */
export const HISTORY_PARTITIONS = "partitions by system time";

/** True if the server keeps every earlier form of the rows: MariaDB. */
export function keepsHistory(table: Table): boolean {
  return table.notUnderstood.includes("system versioned");
}

/** The parts of the primary key, in order; none if the table has no such key. */
export function primaryKeyParts({ indexes }: Table): readonly IndexPart[] {
  return indexes.find(({ kind }) => kind === "primary")?.parts ?? [];
}

/** Column names compare without case on every server. */
export function findColumn(table: Table, name: string): Column | undefined {
  const wanted = name.toLowerCase();
  return table.columns.find((column) => column.name.toLowerCase() === wanted);
}

export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

export function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, at) => sameName(name, b[at] ?? ""));
}

/** A new catalog in which this table replaces the one with its name. */
export function withTable(catalog: Catalog, table: Table): Catalog {
  return { ...catalog, tables: { ...catalog.tables, [table.name]: table } };
}

/** A new catalog without this table. */
export function withoutTable(catalog: Catalog, table: Table): Catalog {
  return {
    ...catalog,
    tables: Object.fromEntries(Object.entries(catalog.tables).filter(([, each]) => each !== table)),
  };
}
