/** What every kind of step has to answer, and in which words. */
import type { Difference } from "../catalog/difference.ts";
import type { Online } from "../dialect/capabilities.ts";
import type { Dialect } from "../dialect/dialect.ts";
import type { Catalog, Table } from "../model.ts";
import type { Step } from "./step.ts";

/** Rows that the catalog cannot tell, by the text of the question that asked for them. */
export type Answers = ReadonlyMap<string, readonly Readonly<Record<string, unknown>>[]>;

/** What a step is judged by. */
export interface Facts {
  readonly catalog: Catalog;
  readonly dialect: Dialect;
  /** A question without an answer was not asked: what it asks about is not there yet. */
  readonly answers: Answers;
  /** The steps that come after this one: a form that a later step gives is a form of ours. */
  readonly later: readonly Step[];
}

/** A difference that stops a run. */
export interface Conflict {
  readonly difference: Difference;
  /** Adds what is missing, and touches nothing that is there. */
  readonly add?: Statement;
  /** Turns what is there into what is wanted: only for a table that is known to be ours. */
  readonly change?: Statement;
  /** What a person can do, where the usual words would mislead. */
  readonly advice?: readonly string[];
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

/** A count that has to be zero before a step is taken back, and still is when its statement is sent. */
export interface Refusal extends Pick<Guard, "counts" | "sql"> {
  /** Whose rows are counted. */
  readonly table: string;
}

/** A column's part of an ALTER TABLE: instant ones of one table go into one statement. */
export interface Clause {
  readonly verb: "ADD COLUMN" | "MODIFY COLUMN";
  readonly column: string;
  /** Begins with the quoted name. */
  readonly definition: string;
}

/** Exactly one statement that changes the database. */
export interface Statement {
  readonly sql: string;
  /** The same as a clause, where `sql` is nothing but an instant change of one column. */
  readonly clause?: Clause;
  /** What the server is told, and refuses to exceed; undefined where nothing that exists is altered. */
  readonly online?: Online;
  /** The table whose rows decide how long it takes; undefined where it takes no longer for more rows. */
  readonly reads?: string;
  /** Existing tables whose metadata is locked for a moment. */
  readonly locks: readonly string[];
  /** Session variables for this statement only, as SQL text. */
  readonly session?: Readonly<Record<string, number | string>>;
  readonly guard?: Guard;
  /** Sent again until it changes no row any more, so that no transaction grows with the table. */
  readonly repeats?: true;
  /** What it means for rows, for the plan: "12 rows get severity 'INFO'". */
  readonly effect?: string;
  /** What `down` has to know of what was there before; the journal keeps it. */
  readonly before?: Readonly<Record<string, unknown>>;
}

/** Rows that lose something when a step is taken back. */
export interface Loss {
  /** The table that loses them. */
  readonly table: string;
  /** Whole rows, or what these columns of them hold. */
  readonly of: "rows" | { readonly columns: readonly string[] };
  /** The condition, in SQL, of the rows that lose something; `TRUE` for all. Names no other table. */
  readonly where: string;
  /** In the plural: "rows of ProcessingJob", "values of AutoProcProgram.jobUuid". */
  readonly what: string;
}

/** How `down` takes back what `up` made. */
export interface Undo {
  /** Takes it back; undefined where nothing is to be done about the schema. */
  readonly statement?: Statement;
  readonly loss?: Loss;
  /**
   * How rows are kept from writers between saving and destroying them. `aside`: the table or column
   * is renamed, saved under the other name and dropped there. `lock`: the table is write-locked.
   */
  readonly hold?: "aside" | "lock";
  /** Run under the lock, once the loss is saved: makes the rows fit what the statement leaves. */
  readonly clear?: string;
  /** What stays on purpose, in a sentence. */
  readonly remains?: string;
  /** The condition, in SQL, of the rows of the step's table that the statement itself removes: lookup rows. */
  readonly removes?: string;
  /** Rows that would go with it, or be changed, and that nobody would save: `down` refuses where there are any. */
  readonly refusals?: readonly Refusal[];
  /** What stands upon it and would break or go with it: `down` refuses. */
  readonly blocked: readonly Difference[];
  /** The catalog as it is afterwards; the one given stays as it was. */
  readonly after: Catalog;
}

export interface StepHandler<S extends Step> {
  /** "add column AutoProcProgram.processingJobId" */
  title(step: S): string;
  /** Every table that the questions about this step touch, its own first. */
  tables(step: S): readonly string[];
  /** What has to be asked of the rows, given this catalog; each a SELECT. None where left out. */
  questions?(step: S, catalog: Catalog): readonly string[];
  inspect(step: S, facts: Facts): Verdict;
  /**
   * What has to be counted because the catalog cannot tell it. Before a run the facts are those of
   * the live catalog, in which earlier steps of the same run are still to come.
   */
  guard?(step: S, facts: Facts): Guard | undefined;
  render(step: S, facts: Facts): Statement;
  /** The catalog as it is after the statement; the one given stays as it was. */
  project(step: S, facts: Facts): Catalog;
  /** For a step that was made by us and is present. `before` is what its statement gave the journal. */
  undo(step: S, facts: Facts, before: Readonly<Record<string, unknown>>): Undo;
  /** Absent as a whole, and yet a part of it is there to be taken back. False where left out. */
  inPart?(step: S, facts: Facts): boolean;
  /**
   * The same question as `inspect`, asked by the stock client: a SELECT of one row with one column
   * `n`, not 0 where the effect is there. Speaks of the database in use, by DATABASE(). Where the effect
   * is in rows it reads the step's table, which has to be there: an earlier step makes it.
   */
  probe(step: S, facts: Facts): string;
}

export function mustFindTable(table: Table | undefined, name: string): Table {
  if (table === undefined) throw new Error(`step rendered although table ${name} is absent`);
  return table;
}
