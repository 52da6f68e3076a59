import { type Catalog, findTable } from "../model.ts";
import type { Statement } from "./contract.ts";

/**
 * The statement as lines for the stock client, with the counts before it and the session variables around it. `now` are the
 * tables that exist now: nothing can be counted in one that `up` has yet to create.
 */
export function scriptOf({ guards = [], session = {}, sql }: Statement, now?: Catalog): string[] {
  const names = Object.keys(session);
  const exists = (table: string) => now === undefined || findTable(now, table) !== undefined;
  const countable = guards.filter(({ reads }) => reads.every(exists));
  return [
    ...countable.map((guard) => `${guard.sql};   -- must be 0`),
    ...names.map((name) => `SET SESSION ${name} = ${session[name]};`),
    `${sql};`,
    ...names.map((name) => `SET SESSION ${name} = DEFAULT;`),
  ];
}

/** A line for the stock client, with the warning that it copies its table. */
export function copying(sql: string): string {
  return `${sql};   -- at a quiet time: copies the table`;
}

/** The same lines in a strict session, which refuses to shorten or replace a value that does not fit the new type. */
export function strictly(lines: readonly string[]): string[] {
  return [
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES';   -- refuses the change if a row has a value that does not fit: change this value first",
    ...lines,
    "SET SESSION sql_mode = DEFAULT;",
  ];
}
