import type { Statement } from "./contract.ts";

/** The statement as lines for the stock client, with the counts before it and the session variables around it. */
export function scriptOf({ guards = [], session = {}, sql }: Statement): string[] {
  const names = Object.keys(session);
  return [
    ...guards.map((guard) => `${guard.sql};   -- must be 0`),
    ...names.map((name) => `SET SESSION ${name} = ${session[name]};`),
    `${sql};`,
    ...names.map((name) => `SET SESSION ${name} = DEFAULT;`),
  ];
}

/** A line for the stock client, with the warning that it copies its table. */
export function copying(sql: string): string {
  return `${sql};   -- at a quiet time: copies the table`;
}
