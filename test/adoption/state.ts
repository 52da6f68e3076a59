import type { OwnBase } from "../../src/base/base.ts";

/** A database of a facility before the first run of this tool. */
export interface State {
  readonly name: string;
  readonly base: OwnBase;
  /** What brings the base into this state, in order. */
  readonly sql: readonly string[];
  /** The lanes whose servers can hold it; all of them unless it says so. */
  readonly lanes?: readonly string[];
  /** Titles of the steps that `up` has to do; every other step is found. */
  readonly done: readonly string[];
  /** By `Table.column`: what `up` makes of its NULLs, as an expression that reads the same before and after. */
  readonly fills?: Readonly<Record<string, string>>;
  /** By table: which of its rows were there before, where `up` adds lookup rows that are missing. */
  readonly adds?: Readonly<Record<string, string>>;
  /** What `up` says when it stops before it has changed anything, and what a person does about it. */
  readonly conflict?: { readonly says: readonly string[]; readonly remedy: readonly string[] };
}

/** The same state, further along or with something of the facility's own. */
export function and(state: State, more: { readonly name: string } & Partial<State>): State {
  return { ...state, ...more, name: `${state.name}, ${more.name}`, sql: [...state.sql, ...(more.sql ?? [])] };
}

export function without(done: readonly string[], found: readonly string[]): string[] {
  return done.filter((title) => !found.includes(title));
}

export function ledger(status: "ONGOING" | "DONE", scriptName: string): string {
  return `INSERT INTO SchemaStatus (scriptName, schemaStatus) VALUES ('${scriptName}', '${status}')`;
}
