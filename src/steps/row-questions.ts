/** Questions about rows, and statements that change some of them. */
import { type Column, type Table, sameName } from "../model.ts";
import { id } from "../sql.ts";
import type { Answers } from "./contract.ts";

/** IS NULL costs nothing on a NOT NULL column, but on a NOT NULL date it is also true for zero dates: `<=>` is not. */
export function isNull({ name, type }: Pick<Column, "name" | "type">): string {
  return `${id(name)} ${/^date(?:time)?\b/.test(type) ? "<=>" : "IS"} NULL`;
}

/** The `n` of the answer's only row; undefined if the question was not asked. */
export function numberAnswered(answers: Answers, question: string): number | undefined {
  const row = answers.get(question)?.[0];
  return row === undefined ? undefined : Number(row["n"]);
}

/** Sets one column. Columns with ON UPDATE keep their values, because this is no change by a user. */
export function updateOf(name: string, table: Table, column: string, value: string, where: string): string {
  const set = [`${id(column)} = ${value}`, ...keptColumns(table, column).map((each) => `${id(each)} = ${id(each)}`)];
  return `UPDATE ${id(name)} SET ${set.join(", ")} WHERE ${where}`;
}

/** The columns with ON UPDATE, without this one. */
export function keptColumns({ columns }: Table, column: string): string[] {
  return columns.flatMap(({ name, onUpdate }) => (onUpdate !== undefined && !sameName(name, column) ? [name] : []));
}
