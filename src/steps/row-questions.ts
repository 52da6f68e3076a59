/** Questions about rows, and statements that change some of them. */
import { type Column, type Table, sameName } from "../model.ts";
import { id } from "../sql.ts";
import type { Answers } from "./contract.ts";

/** IS NULL, which costs nothing where NULL is not allowed; but of such dates it would be true for zero dates. */
export function isNull({ name, type }: Pick<Column, "name" | "type">): string {
  return `${id(name)} ${/^date(?:time)?\b/.test(type) ? "<=>" : "IS"} NULL`;
}

/** The `n` of the answer's only row; undefined where the question was not asked. */
export function numberAnswered(answers: Answers, question: string): number | undefined {
  const row = answers.get(question)?.[0];
  return row === undefined ? undefined : Number(row["n"]);
}

/** Gives one column a value. What the table keeps by ON UPDATE stays: nobody has worked on these rows. */
export function updateOf(name: string, table: Table, column: string, value: string, where: string): string {
  const kept = table.columns.filter((each) => each.onUpdate !== undefined && !sameName(each.name, column));
  const set = [`${id(column)} = ${value}`, ...kept.map((each) => `${id(each.name)} = ${id(each.name)}`)];
  return `UPDATE ${id(name)} SET ${set.join(", ")} WHERE ${where}`;
}
