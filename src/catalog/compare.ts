/**
 * The differences between two catalogs, as data. Indexes and foreign keys are matched by their meaning (columns,
 * target), so that another name is a small difference of its own. Nothing is judged here: src/steps/verdict.ts
 * decides what matters to a migration, and a round trip allows no difference at all.
 */
import {
  type Catalog,
  type Column,
  type ForeignKey,
  type Index,
  type Table,
  findColumn,
  findTable,
  sameName,
  sameNames,
} from "../model.ts";
import { describeColumn, describeExpression, describeForeignKey, describeIndex, describeTable } from "./describe.ts";
import type { Difference, DifferencePart } from "./difference.ts";

export function compareCatalogs(expected: Catalog, actual: Catalog): Difference[] {
  const differences: Difference[] = [];
  for (const table of Object.values(expected.tables)) {
    const twin = findTable(actual, table.name);
    if (twin === undefined)
      differences.push({ part: "table", object: table.name, aspect: "existence", expected: describeTable(table) });
    else differences.push(...compareTables(table, twin));
  }
  for (const table of Object.values(actual.tables)) {
    if (findTable(expected, table.name) === undefined) {
      differences.push({ part: "table", object: table.name, aspect: "existence", found: describeTable(table) });
    }
  }
  return differences;
}

export function compareTables(expected: Table, actual: Table): Difference[] {
  return [
    ...properties("table", expected.name, expected, actual, [
      "engine",
      "charset",
      "collation",
      "comment",
      "compressed",
    ]),
    ...compareColumns(expected, actual),
    ...matched("index", expected, expected.indexes, actual.indexes, {
      same: sameIndex,
      describe: describeIndex,
      rest: ["comment", "ignored"],
      otherForm: (a, b) => (a.kind === "primary" && b.kind === "primary" ? "columns" : undefined),
    }),
    ...matched("foreign key", expected, expected.foreignKeys, actual.foreignKeys, {
      same: sameForeignKey,
      describe: describeForeignKey,
      rest: ["onDelete", "onUpdate"],
      otherForm: (a, b) => (hasOtherTarget(a, b) ? "target" : undefined),
    }),
    ...matched("check", expected, expected.checks, actual.checks, {
      same: (a, b) => a.expression === b.expression,
      describe: (check) => check.expression,
      rest: [],
    }),
  ];
}

function compareColumns(expected: Table, actual: Table): Difference[] {
  const differences: Difference[] = [];
  for (const column of expected.columns) {
    const twin = findColumn(actual, column.name);
    const object = `${expected.name}.${column.name}`;
    if (twin === undefined)
      differences.push({ part: "column", object, aspect: "existence", expected: describeColumn(column) });
    else differences.push(...compareColumn(object, column, twin));
  }
  for (const column of actual.columns) {
    if (findColumn(expected, column.name) === undefined) {
      differences.push({
        part: "column",
        object: `${actual.name}.${column.name}`,
        aspect: "existence",
        found: describeColumn(column),
      });
    }
  }
  const order = (table: Table, other: Table) =>
    table.columns.map((column) => column.name.toLowerCase()).filter((name) => findColumn(other, name) !== undefined);
  const [wanted, present] = [order(expected, actual).join(", "), order(actual, expected).join(", ")];
  if (wanted !== present)
    differences.push({
      part: "table",
      object: expected.name,
      aspect: "column order",
      expected: wanted,
      found: present,
    });
  return differences;
}

export function compareColumn(object: string, expected: Column, actual: Column): Difference[] {
  const flat = (column: Column) => ({
    ...column,
    generated: column.generated === undefined ? undefined : describeExpression(column.generated),
  });
  // A computed column has no default; that it is computed is already a difference.
  const haveDefaults = (expected.generated === undefined) === (actual.generated === undefined);
  // A column that is no text has no character set; its other type is already a difference.
  const areTexts = expected.charset !== undefined && actual.charset !== undefined;
  return properties("column", object, flat(expected), flat(actual), [
    "type",
    "nullable",
    ...(haveDefaults ? (["default"] as const) : []),
    "autoIncrement",
    "onUpdate",
    ...(areTexts ? (["charset", "collation"] as const) : []),
    "generated",
    "invisible",
    "compressed",
    "comment",
  ]);
}

/** True if both keys refer with the same columns to the same parent columns. */
export function sameForeignKey(a: ForeignKey, b: ForeignKey): boolean {
  return (
    sameNames(a.columns, b.columns) &&
    sameName(a.parent.table, b.parent.table) &&
    sameNames(a.parent.columns, b.parent.columns) &&
    a.parent.database === b.parent.database
  );
}

/** True for keys that tie the same columns to another parent: a row would have to satisfy both. */
export function hasOtherTarget(a: ForeignKey, b: ForeignKey): boolean {
  return sameNames(a.columns, b.columns) && !sameForeignKey(a, b);
}

export function sameIndex(a: Index, b: Index): boolean {
  const part = (of: Index["parts"][number] | undefined) =>
    of === undefined ? "" : `${of.column.toLowerCase()}(${of.prefix ?? ""})${of.descending === true}`;
  return (
    a.kind === b.kind &&
    a.parts.length === b.parts.length &&
    a.parts.every((own, at) => part(own) === part(b.parts[at]))
  );
}

/** Whether an index serves what a plain one serves: its first parts are those of the other one. */
export function beginsWith(index: Index, other: Index): boolean {
  return other.parts.every(({ column, prefix }, at) => {
    const part = index.parts[at];
    return part !== undefined && sameName(part.column, column) && part.prefix === prefix;
  });
}

interface Matching<T> {
  readonly same: (a: T, b: T) => boolean;
  readonly describe: (value: T) => string;
  /** Properties that are compared after two values were matched. */
  readonly rest: readonly (keyof T & string)[];
  /** The aspect in which the existing value is another form of the expected one: a table cannot have both, or rows cannot. */
  readonly otherForm?: (expected: T, actual: T) => string | undefined;
}

/** Pairs the two lists by meaning, each value once; a pair with equal names is preferred. */
function matched<T extends { readonly name: string }>(
  part: DifferencePart,
  table: Table,
  expected: readonly T[],
  actual: readonly T[],
  matching: Matching<T>,
): Difference[] {
  const differences: Difference[] = [];
  const left = [...actual];
  for (const value of expected) {
    const candidates = left.filter((other) => matching.same(value, other));
    const twin = candidates.find((other) => sameName(other.name, value.name)) ?? candidates[0];
    const object = `${table.name}.${value.name}`;
    if (twin === undefined) {
      const aspectOf = (each: T | undefined) => each && matching.otherForm?.(value, each);
      const at = left.findIndex((each) => aspectOf(each) !== undefined);
      const [other] = at < 0 ? [] : left.splice(at, 1);
      const missing = { part, object, aspect: "existence", expected: matching.describe(value) };
      differences.push(
        other === undefined
          ? missing
          : {
              ...missing,
              object: `${table.name}.${other.name}`,
              aspect: aspectOf(other) ?? "existence",
              found: matching.describe(other),
            },
      );
      continue;
    }
    left.splice(left.indexOf(twin), 1);
    if (!sameName(twin.name, value.name))
      differences.push({ part, object, aspect: "name", expected: value.name, found: twin.name });
    differences.push(...properties(part, `${table.name}.${twin.name}`, value, twin, matching.rest));
  }
  for (const value of left) {
    differences.push({
      part,
      object: `${table.name}.${value.name}`,
      aspect: "existence",
      found: matching.describe(value),
    });
  }
  return differences;
}

function properties<T extends object>(
  part: DifferencePart,
  object: string,
  expected: T,
  actual: T,
  names: readonly (keyof T & string)[],
): Difference[] {
  return names
    .filter((name) => expected[name] !== actual[name])
    .map((name) => ({
      part,
      object,
      aspect: name,
      expected: formatProperty(expected[name]),
      found: formatProperty(actual[name]),
    }));
}

function formatProperty(value: unknown): string {
  return typeof value === "string" ? value : value === undefined ? "none" : JSON.stringify(value);
}
