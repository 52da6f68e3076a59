/**
 * What a foreign key needs of its parent. With foreign_key_checks off a server silently accepts a
 * parent that is missing, MyISAM or of another type, and later inserts fail with 1452 (measured).
 */
import type { Difference } from "../catalog/compare.ts";
import { describeColumn } from "../catalog/describe.ts";
import { type Catalog, type Column, type ForeignKey, type Table, findColumn, findTable, sameNames } from "../model.ts";

export function parentProblems(
  child: string,
  columns: readonly Column[],
  key: ForeignKey,
  catalog: Catalog,
): Difference[] {
  const object = `${child}.${key.name}`;
  const target = `${key.parent.table} (${key.parent.columns.join(", ")})`;
  const parent = findTable(catalog, key.parent.table);
  if (parent === undefined)
    return [
      { part: "foreign key", object, aspect: "parent", expected: `table ${key.parent.table}`, found: "no such table" },
    ];

  const problems: Difference[] = [];
  const problem = (aspect: string, expected: string, found: string) =>
    problems.push({ part: "foreign key", object, aspect, expected, found });
  if (parent.engine.toLowerCase() !== "innodb")
    problem("parent engine", `${parent.name} on InnoDB`, `${parent.name} on ${parent.engine}`);
  if (parent.notUnderstood.includes("partitions"))
    problem("parent partitions", "a parent without partitions", `${parent.name} is partitioned`);
  if (!hasKey(parent, key.parent.columns)) problem("parent key", `a unique key on ${target}`, "no such key");
  for (const [at, name] of key.columns.entries()) {
    const own = columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
    const other = findColumn(parent, key.parent.columns[at] ?? "");
    if (other === undefined) problem("parent column", target, "no such column");
    else if (own !== undefined && own.type !== other.type) {
      problem("parent type", `${key.parent.table}.${other.name} ${own.type}`, describeColumn(other));
    }
  }
  return problems;
}

/** Newer MySQL refuses a parent key that is not unique (6125); a key on more columns would do elsewhere. */
function hasKey(parent: Table, columns: readonly string[]): boolean {
  return parent.indexes.some(
    (index) =>
      (index.kind === "primary" || index.kind === "unique") &&
      sameNames(
        index.parts.map((part) => part.column),
        columns,
      ),
  );
}
