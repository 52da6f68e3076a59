/**
 * A step is data: it can be printed, hashed and compared. Its meaning is a set of pure functions over a catalog,
 * one file for each kind of step in this folder. src/steps/contract.ts lists the functions, and
 * src/steps/index.ts is the registry.
 */
import type { Column, ForeignKey, Index, Online, ReferenceRule } from "../model.ts";

/** A column, with other forms that an existing database may have. */
export interface ColumnSpec extends Omit<Column, "charset" | "collation"> {
  readonly accepts?: {
    /** Other canonical types that clients accept. */
    readonly types?: readonly string[];
    /** The column may be nullable although NOT NULL is wanted. */
    readonly nullable?: true;
  };
}

/**
 * A delete rule, or the rule for databases that delete child rows with their parents (see
 * src/steps/delete-rule-convention.ts). In other databases such a key is RESTRICT, as upstream has it.
 */
export type DeleteRule = ReferenceRule | { readonly whereCascading: "CASCADE" | "SET NULL" };

export interface ForeignKeySpec extends Omit<ForeignKey, "onDelete" | "onUpdate"> {
  readonly onDelete: DeleteRule;
}

export interface CreateTable {
  readonly kind: "createTable";
  readonly table: string;
  readonly comment?: string;
  readonly columns: readonly ColumnSpec[];
  readonly indexes: readonly Index[];
  readonly foreignKeys: readonly ForeignKeySpec[];
}

export interface AddColumn {
  readonly kind: "addColumn";
  readonly table: string;
  readonly column: ColumnSpec;
}

/** Widens an existing column, or makes it NOT NULL. Never narrows it. */
export interface ChangeColumn {
  readonly kind: "changeColumn";
  readonly table: string;
  readonly column: ColumnSpec;
}

/** Appends one value to the existing list of the enum. */
export interface AddEnumValue {
  readonly kind: "addEnumValue";
  readonly table: string;
  readonly column: string;
  readonly value: string;
}

export interface AddIndex {
  readonly kind: "addIndex";
  readonly table: string;
  readonly index: Index;
}

export interface AddForeignKey {
  readonly kind: "addForeignKey";
  readonly table: string;
  readonly foreignKey: ForeignKeySpec;
}

/** Changes the foreign key on these columns from RESTRICT to the rule of the convention. `name` is its new name. */
export interface ChangeDeleteRule {
  readonly kind: "changeDeleteRule";
  readonly table: string;
  readonly foreignKey: ForeignKeySpec;
}

/** Gives a value to the rows that have NULL. */
export interface FillNulls {
  readonly kind: "fillNulls";
  readonly table: string;
  readonly column: string;
  readonly value: FillValue;
}

/**
 * The source of a missing value: a literal (SQL text), or a datetime of the parent row. The datetime is read in
 * the server's own time zone. The literal is used if the parent has no datetime that fits a timestamp. `by` is
 * the name of the joining column, the same in both tables.
 */
export type FillValue =
  | { readonly literal: string }
  | {
      readonly literal: string;
      readonly from: { readonly table: string; readonly column: string; readonly by: string };
    };

/** A value of a lookup row: only numbers and texts, so that every server compares them alike. */
export type LookupValue = number | string | null;

/** Inserts lookup rows by primary key; a row with an id that exists is left as it is. */
export interface InsertRows {
  readonly kind: "insertRows";
  readonly table: string;
  readonly key: string;
  readonly rows: readonly Readonly<Record<string, LookupValue>>[];
}

/**
 * Tables and a column left over from an earlier design. They are never dropped: the plan reports them with the
 * SQL to drop them. A column that still has values is a conflict, because no other table explains them.
 */
export interface LeaveBehind {
  readonly kind: "leaveBehind";
  /** Child tables first: the order to drop them in. */
  readonly tables: readonly string[];
  readonly column: { readonly table: string; readonly name: string };
}

/** The escape hatch: any statement, with its own query that tells if it was applied already. */
export interface RunSql {
  readonly kind: "runSql";
  readonly title: string;
  /** The table that must exist and is changed. */
  readonly table: string;
  readonly sql: string;
  /** A SELECT of one row with one column `n`; not 0 if the effect of `sql` is there. */
  readonly present: string;
  /** The statement that undoes it, or the reason why none is needed. */
  readonly undo: { readonly sql: string } | { readonly none: string };
}

/** One statement of a facility's .sql file: see src/facility/. */
export interface SqlStatement {
  readonly kind: "sqlStatement";
  readonly sql: string;
  /** Tells if the statement took effect. Without it only the journal knows, and after a cut nothing does. */
  readonly probe?: Probe;
  /** The existing table that it alters, with the algorithm and lock that are written in it. */
  readonly table?: string;
  readonly online?: Online;
  /** The table that it creates. */
  readonly creates?: string;
  /** Session variables that the file sets before it, as SQL text. */
  readonly session?: Readonly<Record<string, string>>;
  /** What undoes it, from the file beside it. */
  readonly undo?: { readonly sql: string; readonly session?: Readonly<Record<string, string>> };
}

export interface Probe {
  /** The name of what the statement makes. */
  readonly object: string;
  /** A SELECT of one row with one column `n`, not 0 if it is there. */
  readonly sql: string;
}

export type Step =
  | CreateTable
  | AddColumn
  | ChangeColumn
  | AddEnumValue
  | AddIndex
  | AddForeignKey
  | ChangeDeleteRule
  | FillNulls
  | InsertRows
  | LeaveBehind
  | RunSql
  | SqlStatement;
