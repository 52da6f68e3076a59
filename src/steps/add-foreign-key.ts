import { compareTables, sameForeignKey } from "../catalog/compare.ts";
import type { Difference } from "../catalog/difference.ts";
import { describeForeignKey } from "../catalog/describe.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { alterTable, foreignKeyDefinition } from "../dialect/render.ts";
import { type ForeignKey, type Table, findColumn, findTable, sameName, sameNames, withTable } from "../model.ts";
import { id } from "../sql.ts";
import { conventionTables, resolveForeignKey } from "./convention.ts";
import { conflicting, noSuchTable, verdictOf } from "./judge.ts";
import { notInnoDb, parentProblems } from "./parents.ts";
import { type AddForeignKey, type Facts, type Guard, type Statement, type StepHandler, mustFindTable } from "./step.ts";

export function addForeignKey(table: string, foreignKey: AddForeignKey["foreignKey"]): AddForeignKey {
  return { kind: "addForeignKey", table, foreignKey };
}

export const handler: StepHandler<AddForeignKey> = {
  title: (step) => `add foreign key ${step.table}.${step.foreignKey.name} → ${step.foreignKey.parent.table}`,
  tables: (step) => [step.table, step.foreignKey.parent.table, ...conventionTables],

  inspect(step, { catalog }) {
    const wanted = resolveForeignKey(step.foreignKey, catalog);
    const table = findTable(catalog, step.table);
    if (table === undefined) return noSuchTable(step.table);
    const twin = table.foreignKeys.find((key) => sameForeignKey(key, wanted));
    const rivals = table.foreignKeys.filter((key) => key !== twin && isRival(key, wanted));
    if (rivals.length > 0) return conflicting(...rivals.map((key) => rivalOf(step.table, wanted, key)));
    if (twin !== undefined) return verdictOf(compareTables(only(table, wanted), only(table, twin)));
    const namesake = table.foreignKeys.find((key) => sameName(key.name, wanted.name));
    if (namesake !== undefined) return conflicting(otherTarget(step.table, wanted, namesake));
    const problems = [...notInnoDb(table), ...parentProblems(step.table, table.columns, wanted, catalog)];
    return problems.length === 0 ? { state: "absent" } : { state: "conflict", conflicts: problems, notices: [] };
  },

  guard: orphanGuard,

  /** With checks on the server copies the table under a lock; off, it changes metadata alone, and we count the orphans. */
  render(step, facts) {
    const key = resolveForeignKey(step.foreignKey, facts.catalog);
    const online = facts.dialect.can.withoutRebuild;
    const guard = orphanGuard(step, facts);
    return {
      sql: alterTable(step.table, `ADD ${foreignKeyDefinition(key)}`, online),
      online,
      locks: [step.table, key.parent.table],
      session: { foreign_key_checks: 0 },
      ...(guard === undefined ? {} : { guard }),
    };
  },

  project(step, { catalog }) {
    const table = mustFindTable(findTable(catalog, step.table), step.table);
    return withTable(catalog, {
      ...table,
      foreignKeys: [...table.foreignKeys, resolveForeignKey(step.foreignKey, catalog)],
    });
  },
};

function only(table: Table, key: ForeignKey): Table {
  return { ...table, foreignKeys: [key] };
}

/** Another key on the same columns whose delete rule would undo ours. */
function isRival(key: ForeignKey, wanted: ForeignKey): boolean {
  return sameNames(key.columns, wanted.columns) && key.onDelete === "CASCADE" && wanted.onDelete !== "CASCADE";
}

function rivalOf(table: string, wanted: ForeignKey, rival: ForeignKey): Difference {
  return {
    part: "foreign key",
    object: `${table}.${rival.name}`,
    aspect: "second key on these columns",
    expected: `ON DELETE ${wanted.onDelete} alone`,
    found: describeForeignKey(rival),
  };
}

function otherTarget(table: string, wanted: ForeignKey, namesake: ForeignKey): Difference {
  return {
    part: "foreign key",
    object: `${table}.${wanted.name}`,
    aspect: "target",
    expected: describeForeignKey(wanted),
    found: describeForeignKey(namesake),
  };
}

/**
 * Counts the rows that name no parent. Undefined where the columns are still to be made: every row
 * will have NULL there. Where the parent is still to be made, every value that is set names nobody.
 */
function orphanGuard(step: AddForeignKey, { catalog, dialect }: Facts): Guard | undefined {
  const { name, columns, parent } = step.foreignKey;
  const child = findTable(catalog, step.table);
  if (child === undefined || !columns.every((column) => findColumn(child, column) !== undefined)) return undefined;
  const set = columns.map((column) => `child.${id(column)} IS NOT NULL`).join(" AND ");
  const tie = columns.map((column, at) => `parent.${id(parent.columns[at] ?? "")} = child.${id(column)}`).join(" AND ");
  const parentThere = findTable(catalog, parent.table) !== undefined;
  const nobody = parentThere ? ` AND NOT EXISTS (SELECT 1 FROM ${id(parent.table)} AS parent WHERE ${tie})` : "";
  return {
    counts: `rows of ${step.table} whose ${columns.join(", ")} names no row of ${parent.table}`,
    sql: `SELECT COUNT(*) AS n FROM ${id(step.table)} AS child WHERE ${set}${nobody}`,
    mend: parentThere
      ? "set the column to NULL there, or insert the parents, then"
      : `set the column to NULL there (${parent.table} is still to be made), then`,
    undo: dropForeignKey(step.table, name, parent.table, dialect),
  };
}

function dropForeignKey(table: string, name: string, parent: string, { can }: Dialect): Statement {
  const online = can.withoutRebuild;
  return { sql: alterTable(table, `DROP FOREIGN KEY ${id(name)}`, online), online, locks: [table, parent] };
}
