/**
 * A step is data: it prints, hashes and compares. What it means is a set of pure functions over a
 * catalog, one file per kind beside this one; src/steps/contract.ts says which, src/steps/index.ts
 * is their registry.
 */
import type { Column, ForeignKey, Index, ReferenceRule } from "../model.ts";

/** A column, with the forms of it that a found database may have instead. */
export interface ColumnSpec extends Omit<Column, "charset" | "collation"> {
  readonly accepts?: {
    /** Other canonical types that clients can live with. */
    readonly types?: readonly string[];
    /** A nullable column where NOT NULL is wanted. */
    readonly nullable?: true;
  };
}

/**
 * A delete rule, or the rule to follow where this database lets its children go with their parents
 * (see src/steps/delete-rule-convention.ts); elsewhere such a key is RESTRICT, as upstream has it.
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

/** Makes an existing column at least what it is meant to be: wider, or NOT NULL. Never narrower. */
export interface ChangeColumn {
  readonly kind: "changeColumn";
  readonly table: string;
  readonly column: ColumnSpec;
}

/** Appends one value to the list that the enum is found with. */
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

/** Gives the foreign key on these columns the rule of the convention, where it has RESTRICT. `name` is what it is called then. */
export interface ChangeDeleteRule {
  readonly kind: "changeDeleteRule";
  readonly table: string;
  readonly foreignKey: ForeignKeySpec;
}

/** A value for the rows that have NULL. */
export interface FillNulls {
  readonly kind: "fillNulls";
  readonly table: string;
  readonly column: string;
  readonly value: FillValue;
}

/**
 * Where a missing value comes from: a literal (SQL text), or a datetime of the parent row, read in
 * the server's own time zone, and the literal where the parent has none that a timestamp can hold.
 * `by` is the column of this name in both tables.
 */
export type FillValue =
  | { readonly literal: string }
  | {
      readonly literal: string;
      readonly from: { readonly table: string; readonly column: string; readonly by: string };
    };

/** A value of a lookup row; numbers and texts only, so that a comparison means the same on every server. */
export type LookupValue = number | string | null;

/** Lookup rows, by their primary key; an id that is taken is left as it is. */
export interface InsertRows {
  readonly kind: "insertRows";
  readonly table: string;
  readonly key: string;
  readonly rows: readonly Readonly<Record<string, LookupValue>>[];
}

/**
 * Tables and a column that an earlier design left behind. Never dropped: reported, with the SQL. A
 * column that still holds values is a conflict, because nothing else knows what they mean.
 */
export interface LeaveBehind {
  readonly kind: "leaveBehind";
  /** Children first, in the order in which they could be dropped. */
  readonly tables: readonly string[];
  readonly column: { readonly table: string; readonly name: string };
}

/** The escape hatch: a statement with its own question whether it was made already. */
export interface RunSql {
  readonly kind: "runSql";
  readonly title: string;
  /** The tables that have to be there, and are touched. */
  readonly table: string;
  readonly sql: string;
  /** A SELECT of one row with one column `n`; not 0 where the effect of `sql` is there. */
  readonly present: string;
  /** The statement that takes it back, or why nothing has to be. */
  readonly undo: { readonly sql: string } | { readonly none: string };
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
  | RunSql;
