import type { Statement } from "./contract.ts";

/** A statement as lines that the stock client runs, with everything that has to stand around it. */
export function scriptOf({ guard, session = {}, sql }: Statement): string[] {
  const names = Object.keys(session);
  return [
    ...(guard === undefined ? [] : [`${guard.sql};   -- has to be 0`]),
    ...names.map((name) => `SET SESSION ${name} = ${session[name]};`),
    `${sql};`,
    ...names.map((name) => `SET SESSION ${name} = DEFAULT;`),
  ];
}
