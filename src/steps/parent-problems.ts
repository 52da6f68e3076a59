/**
 * Requirements of a foreign key on its parent table. With foreign_key_checks off, a server silently accepts a
 * parent that is missing, MyISAM or of another type. Later inserts then fail with error 1452 (measured).
 */
import { describeColumn } from "../catalog/describe.ts";
import { isWholeNumber } from "../dialect/column-type.ts";
import { columnDefinition } from "../dialect/render.ts";
import {
  type Catalog,
  type Column,
  type ForeignKey,
  type Table,
  findColumn,
  findTable,
  sameName,
  sameNames,
} from "../model.ts";
import { id, idList } from "../sql.ts";
import type { Conflict, Statement } from "./contract.ts";
import { copying } from "./script-of-statement.ts";

export function parentProblems(
  child: string,
  columns: readonly Column[],
  key: ForeignKey,
  catalog: Catalog,
): Conflict[] {
  const problem = (aspect: string, expected: string, actual: string, advice: string): Conflict => ({
    difference: { part: "foreign key", object: `${child}.${key.name}`, aspect, expected, found: actual },
    at: key.parent.table,
    advice: [advice],
  });
  const parent = findTable(catalog, key.parent.table);
  if (parent === undefined) {
    const wanted = `table ${key.parent.table}`;
    return [problem("parent", wanted, "there is none", `create the ${wanted} first`)];
  }
  const target = `${parent.name} (${key.parent.columns.join(", ")})`;
  const altering = `ALTER TABLE ${id(parent.name)}`;
  return [
    ...notInnoDb(parent),
    ...(isPartitioned(parent)
      ? [
          problem(
            "parent partitions",
            "a parent table without partitions",
            `${parent.name} is partitioned`,
            unparted(parent),
          ),
        ]
      : []),
    ...(hasKey(parent, key.parent.columns) || lacksColumn(parent, key.parent.columns)
      ? []
      : [
          problem(
            "parent key",
            `a unique key on ${target}`,
            "there is none",
            copying(`${altering} ADD ${hasPrimary(parent) ? "UNIQUE" : "PRIMARY"} KEY ${idList(key.parent.columns)}`),
          ),
        ]),
    ...key.columns.flatMap((name, at) => {
      const own = columns.find((column) => sameName(column.name, name));
      const wanted = `${parent.name}.${key.parent.columns[at] ?? ""}`;
      const other = findColumn(parent, key.parent.columns[at] ?? "");
      if (other === undefined)
        return [problem("parent column", `column ${wanted}`, "there is none", `add the column ${wanted} by hand`)];
      if (own === undefined || own.type === other.type) return [];
      // A column of ours takes the type of a key that is a number; a key that is none has to become one.
      if (!isWholeNumber(other.type)) {
        const advice = `give ${wanted}, and every column that refers to it, the type ${own.type}`;
        return [problem("parent type", `${wanted} ${own.type}`, `it is ${describeColumn(other)}`, advice)];
      }
      const difference = {
        part: "column",
        object: `${child}.${own.name}`,
        aspect: "type",
        expected: other.type,
        found: own.type,
      } as const;
      return [{ difference, change: changing(child, { ...own, type: other.type }) }];
    }),
  ];
}

function changing(table: string, column: Column): Statement {
  const { charset: _charset, collation: _collation, ...number } = column;
  return { sql: `ALTER TABLE ${id(table)} MODIFY COLUMN ${columnDefinition(number)}`, reads: table, locks: [table] };
}

/** Foreign keys require InnoDB. The facility changes the engine itself, at a quiet time. */
export function notInnoDb(table: Table): Conflict[] {
  if (table.engine.toLowerCase() === "innodb") return [];
  return [
    {
      difference: { part: "table", object: table.name, aspect: "engine", expected: "InnoDB", found: table.engine },
      change: { sql: `ALTER TABLE ${id(table.name)} ENGINE=InnoDB`, reads: table.name, locks: [table.name] },
    },
  ];
}

/** The requirements of a foreign key on its own table; `key` with the name of the table before it. */
export function childProblems(child: Table, key: string): Conflict[] {
  if (!isPartitioned(child)) return notInnoDb(child);
  const difference = {
    part: "foreign key",
    object: key,
    aspect: "parent partitions",
    expected: "a table without partitions",
    found: `${child.name} is partitioned`,
  } as const;
  return [...notInnoDb(child), { difference, advice: [unparted(child)] }];
}

function isPartitioned({ notUnderstood }: Table): boolean {
  return notUnderstood.includes("partitions");
}

function unparted({ name }: Table): string {
  return copying(`ALTER TABLE ${id(name)} REMOVE PARTITIONING`);
}

function hasPrimary({ indexes }: Table): boolean {
  return indexes.some(({ kind }) => kind === "primary");
}

function lacksColumn(parent: Table, columns: readonly string[]): boolean {
  return columns.some((column) => findColumn(parent, column) === undefined);
}

/** Newer MySQL refuses a parent key that is not unique (error 6125); other servers accept a key on more columns. */
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
