/** The contract of a step: the questions that every kind of step answers, and the types of the answers. */
import type { Difference } from "../catalog/difference.ts";
import type { Dialect } from "../dialect/dialect.ts";
import type { Catalog, Online, Table } from "../model.ts";
import type { Step } from "./step.ts";

/** Results of questions about rows, by the SQL text of the question. The catalog cannot answer these. */
export type Answers = ReadonlyMap<string, readonly Readonly<Record<string, unknown>>[]>;

/** The facts that a step is judged by. */
export interface Facts {
  readonly catalog: Catalog;
  readonly dialect: Dialect;
  /** A missing answer means that the question was not asked: its table does not exist yet. */
  readonly answers: Answers;
  /** The steps that follow this one: a form that a later step gives is one of our forms, too. */
  readonly later: readonly Step[];
  /** The journal says that the step was done or was already there. Only a statement of a .sql file is judged by it. */
  readonly recorded?: boolean;
}

/** A difference that stops a run. */
export interface Conflict {
  readonly difference: Difference;
  /** The table to change, where it is not the one of the difference: the parent of a foreign key. */
  readonly at?: string;
  /** Adds the missing part and changes nothing that exists. */
  readonly add?: Statement;
  /** Changes the existing form to the wanted one: only for a table that is known to be ours. */
  readonly change?: Statement;
  /** Advice to print in place of the general advice, which would mislead here. */
  readonly advice?: readonly string[];
}

export type Verdict =
  /** `differences`: the properties of an existing object that the step has not changed yet. */
  | { readonly state: "absent"; readonly differences?: readonly Difference[] }
  /** `how`: what is said in place of "already there". */
  | { readonly state: "present"; readonly notices: readonly Difference[]; readonly how?: string }
  | { readonly state: "conflict"; readonly conflicts: readonly Conflict[]; readonly notices: readonly Difference[] };

/** A count that must be zero before a statement and after it. */
export interface Guard {
  /** The counted rows, in the plural; begins with "rows of": "rows of AutoProcProgram where …". */
  readonly counts: string;
  /** Returns one row with one column `n`. */
  readonly sql: string;
  /** The tables that it reads. */
  readonly reads: readonly string[];
  /** Undoes the statement if the count is not zero after it. */
  readonly undo: Statement;
  /** What fixes the counted rows: a sentence, and a statement if there is one. */
  readonly fix: readonly string[];
}

/** A count that must be zero before a step is undone, and again when its statement is sent. */
export interface Refusal extends Pick<Guard, "counts" | "sql"> {
  /** The table with the counted rows. */
  readonly table: string;
}

/** A part of an ALTER TABLE: those of one table can be merged into one statement. */
export interface Clause {
  readonly verb: "ADD COLUMN" | "MODIFY COLUMN" | "DROP COLUMN" | "ADD";
  /** The column that is added, changed or dropped; undefined for a key. */
  readonly column?: string;
  readonly definition: string;
  /** Seconds since 1970: the time that the statement takes for now. */
  readonly clock?: number;
}

/** Rows that get a value, each found and changed by its primary key. */
export interface Fill {
  readonly table: string;
  /** The columns of the primary key, in order. */
  readonly key: readonly string[];
  readonly column: string;
  /** Columns with ON UPDATE: they keep their values. */
  readonly kept: readonly string[];
  /** The condition of the rows. It names columns of the table alone. */
  readonly where: string;
  /** The value as SQL text. */
  readonly literal: string;
  /** Seconds since 1970, where a row has a time of its own: an expression over the row, or NULL for the literal. */
  readonly seconds?: string;
  /** The number of rows when they were counted. */
  readonly rows?: number;
}

/** Exactly one statement that changes the database. */
export interface Statement {
  readonly sql: string;
  /** The statement as a clause, if `sql` adds, changes or drops one column, or adds one key, and nothing more. */
  readonly clause?: Clause;
  /** True if the server writes every row of the table again: a rebuild, or a copy. */
  readonly rebuilds?: true;
  /** The algorithm and lock that the server may not exceed; undefined if no existing object is altered. */
  readonly online?: Online;
  /** The table whose rows decide the duration; undefined if the duration does not grow with rows. */
  readonly reads?: string;
  /** Existing tables that get a short metadata lock. */
  readonly locks: readonly string[];
  /** The bytes of the statement in hexadecimal, if `session` gives it another character set than UTF-8. */
  readonly bytes?: string;
  /** Session variables for this statement only, as SQL text. */
  readonly session?: Readonly<Record<string, number | string>>;
  readonly guards?: readonly Guard[];
  /** Sent for a few rows at a time by src/run/fill.ts, so that no transaction grows with the table; `sql` is all at once. */
  readonly fill?: Fill;
  /** The effect on rows, for the plan: "sets severity to 'INFO' in 12 rows of AutoProcProgramMessage". */
  readonly effect?: string;
  /** The previous state, which `down` needs; the journal keeps it. */
  readonly before?: Readonly<Record<string, unknown>>;
}

/** Rows that lose data when a step is undone. */
export interface Loss {
  /** The table that loses the data. */
  readonly table: string;
  /** Whole rows, or the values of these columns. */
  readonly of: "rows" | { readonly columns: readonly string[] };
  /** The SQL condition of the rows that lose data; `TRUE` for all. It names no other table. */
  readonly where: string;
  /** The lost data in the plural; begins with "rows" or "values": "rows of ProcessingJob". */
  readonly what: string;
}

/** How `down` undoes a step. */
export interface Undo {
  /** The statement that undoes the step; undefined if the schema needs no change. */
  readonly statement?: Statement;
  readonly loss?: Loss;
  /**
   * How other sessions are kept from writing between saving rows and destroying them. `aside`: the table or
   * column is renamed, saved under the new name and dropped. `lock`: the table is write-locked.
   */
  readonly hold?: "aside" | "lock";
  /** Run under the lock after saving: changes the rows so that they fit the schema after the statement. */
  readonly clear?: string;
  /** What `down` leaves on purpose, in one sentence. */
  readonly remains?: string;
  /** The SQL condition of the lookup rows that the statement itself deletes from the step's table. */
  readonly removes?: string;
  /** Rows that would be deleted or changed with it, unsaved: `down` refuses if there are any. */
  readonly refusals?: readonly Refusal[];
  /** Objects that depend on it and would break or be dropped with it: `down` refuses. */
  readonly blocked: readonly Difference[];
  /** The catalog after the undo; the given catalog is not changed. */
  readonly after: Catalog;
}

export interface StepHandler<S extends Step> {
  /** "add column AutoProcProgram.processingJobId" */
  title(step: S): string;
  /** What is said if the step is absent: "column AutoProcProgram.processingJobId is missing". */
  missing(step: S): string;
  /** What is said if the step is present; "already there" if left out. `notices` are those of its verdict. */
  present?(notices: readonly Difference[]): string;
  /** Every table that the questions about this step read, its own table first. */
  tables(step: S): readonly string[];
  /** Questions about rows for this catalog, each a SELECT. No questions if left out. */
  questions?(step: S, catalog: Catalog): readonly string[];
  inspect(step: S, facts: Facts): Verdict;
  /**
   * Rows that must be counted because the catalog does not show them. Before a run, the facts are those of the
   * live catalog, without the effects of earlier steps of the same run.
   */
  guard?(step: S, facts: Facts): Guard | undefined;
  render(step: S, facts: Facts): Statement;
  /** The catalog after the statement; the given catalog is not changed. */
  project(step: S, facts: Facts): Catalog;
  /** For a present step that we applied. `before` is the value that its statement gave to the journal. */
  undo(step: S, facts: Facts, before: Readonly<Record<string, unknown>>): Undo;
  /** True if the step is absent, but a part of it exists and can be undone. False if left out. */
  inPart?(step: S, facts: Facts): boolean;
  /**
   * The question of `inspect` for the stock client: a SELECT of one row with one column `n`. It is not 0 if the effect
   * is there. The database is DATABASE(). For an effect in rows, it reads the step's table; that table must exist.
   */
  probe(step: S, facts: Facts): string;
}

export function mustFindTable(table: Table | undefined, name: string): Table {
  if (table === undefined) throw new Error(`statement of a step whose table ${name} is absent`);
  return table;
}
