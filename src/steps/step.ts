/**
 * A step is data: it prints, hashes and compares. What it means is a set of pure functions over a
 * catalog, one file per kind beside this one; src/steps/index.ts is their registry.
 */
import type { Difference } from "../catalog/difference.ts";
import type { Dialect, Online } from "../dialect/dialect.ts";
import type { Catalog, Column, ForeignKey, Index, ReferenceRule, Table } from "../model.ts";

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
 * (see src/steps/convention.ts); elsewhere such a key is RESTRICT, as upstream has it.
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

export type Step = CreateTable | AddColumn | AddIndex | AddForeignKey;

/** What a step is judged by. */
export interface Facts {
  readonly catalog: Catalog;
  readonly dialect: Dialect;
}

/** A difference that stops a run. */
export interface Conflict {
  readonly difference: Difference;
  /** Adds what is missing, and touches nothing that is there. */
  readonly add?: Statement;
  /** Turns what is there into what is wanted: only for a table that is known to be ours. */
  readonly change?: Statement;
}

export type Verdict =
  | { readonly state: "absent" }
  | { readonly state: "present"; readonly notices: readonly Difference[] }
  | { readonly state: "conflict"; readonly conflicts: readonly Conflict[]; readonly notices: readonly Difference[] };

/** A count that has to be zero before a statement and again after it. */
export interface Guard {
  /** What is counted, in the plural: "rows of AutoProcProgram whose processingJobId …". */
  readonly counts: string;
  /** Gives one row with one column `n`. */
  readonly sql: string;
  /** Undoes the statement if the count is no longer zero after it. */
  readonly undo: Statement;
  /** What a person does about the rows that were counted. */
  readonly mend: string;
}

/** Exactly one statement that changes the database. */
export interface Statement {
  readonly sql: string;
  /** What the server is told, and refuses to exceed; undefined where nothing that exists is altered. */
  readonly online?: Online;
  /** The table whose rows decide how long it takes; undefined where it takes no longer for more rows. */
  readonly reads?: string;
  /** Existing tables whose metadata is locked for a moment. */
  readonly locks: readonly string[];
  /** Set for this statement only. */
  readonly session?: Readonly<Record<string, number>>;
  readonly guard?: Guard;
}

export interface StepHandler<S extends Step> {
  /** "add column AutoProcProgram.processingJobId" */
  title(step: S): string;
  /** Every table that the questions about this step touch, its own first. */
  tables(step: S): readonly string[];
  inspect(step: S, facts: Facts): Verdict;
  /**
   * What has to be counted because the catalog cannot tell it. Before a run the facts are those of
   * the live catalog, in which earlier steps of the same run are still to come.
   */
  guard?(step: S, facts: Facts): Guard | undefined;
  render(step: S, facts: Facts): Statement;
  /** The catalog as it is after the statement; the one given stays as it was. */
  project(step: S, facts: Facts): Catalog;
}

export function mustFindTable(table: Table | undefined, name: string): Table {
  if (table === undefined) throw new Error(`step rendered although table ${name} is absent`);
  return table;
}
