import { type Difference, compareTables, sameForeignKey } from "../catalog/compare.ts";
import { describeForeignKey } from "../catalog/describe.ts";
import { foreignKeyDefinition } from "../dialect/render.ts";
import { type Catalog, type ForeignKey, type Table, findColumn, findTable, sameName, withTable } from "../model.ts";
import { id } from "../sql.ts";
import { conventionTables, resolveForeignKey } from "./convention.ts";
import { isNotice } from "./judge.ts";
import { parentProblems } from "./parents.ts";
import { type AddForeignKey, type Count, type StepHandler, type Verdict, mustFindTable } from "./step.ts";

export function addForeignKey(table: string, foreignKey: AddForeignKey["foreignKey"]): AddForeignKey {
  return { kind: "addForeignKey", table, foreignKey };
}

export const handler: StepHandler<AddForeignKey> = {
  title: (step) => `add foreign key ${step.table}.${step.foreignKey.name} → ${step.foreignKey.parent.table}`,
  tables: (step) => [step.table, step.foreignKey.parent.table, ...conventionTables],

  inspect(step, { catalog }) {
    const wanted = resolveForeignKey(step.foreignKey, catalog);
    const object = `${step.table}.${wanted.name}`;
    const table = findTable(catalog, step.table);
    if (table === undefined)
      return conflicting([{ part: "table", object: step.table, aspect: "existence", expected: `table ${step.table}` }]);
    const twin = table.foreignKeys.find((key) => sameForeignKey(key, wanted));
    if (twin !== undefined) return judge(table, wanted, twin);
    const namesake = table.foreignKeys.find((key) => sameName(key.name, wanted.name));
    if (namesake !== undefined) {
      return conflicting([
        {
          part: "foreign key",
          object,
          aspect: "target",
          expected: describeForeignKey(wanted),
          found: describeForeignKey(namesake),
        },
      ]);
    }
    const problems = parentProblems(step.table, table.columns, wanted, catalog);
    if (table.engine.toLowerCase() !== "innodb") {
      problems.push({ part: "table", object: step.table, aspect: "engine", expected: "InnoDB", found: table.engine });
    }
    return problems.length === 0 ? { state: "absent" } : conflicting(problems);
  },

  precondition: (step, live) => orphanCount(step.table, resolveForeignKey(step.foreignKey, live), live),

  /** With checks on the server copies the table under a lock; off, it changes metadata alone, and we count the orphans. */
  render(step, { catalog, dialect }) {
    const key = resolveForeignKey(step.foreignKey, catalog);
    const online = dialect.can.withoutRebuild;
    const hint = `ALGORITHM=${online.algorithm}, LOCK=${online.lock}`;
    const orphans = orphanCount(step.table, key, catalog);
    const undo = `ALTER TABLE ${id(step.table)} DROP FOREIGN KEY ${id(key.name)}`;
    return {
      sql: `ALTER TABLE ${id(step.table)} ADD ${foreignKeyDefinition(key)}, ${hint}`,
      online,
      locks: [step.table, key.parent.table],
      session: { foreign_key_checks: 0 },
      ...(orphans === undefined ? {} : { guard: { ...orphans, undo } }),
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

function conflicting(differences: readonly Difference[]): Verdict {
  return { state: "conflict", conflicts: differences.map((difference) => ({ difference })), notices: [] };
}

function judge(table: Table, wanted: ForeignKey, found: ForeignKey): Verdict {
  const only = (key: ForeignKey): Table => ({ ...table, foreignKeys: [key] });
  const differences = compareTables(only(wanted), only(found));
  const notices = differences.filter((difference) => isNotice(difference));
  const conflicts = differences.filter((difference) => !notices.includes(difference));
  return conflicts.length === 0
    ? { state: "present", notices }
    : { state: "conflict", conflicts: conflicts.map((difference) => ({ difference })), notices };
}

/**
 * The rows that name no parent. Undefined where the columns are still to be made: every row will have
 * NULL there. Where the parent is still to be made, every value that is set names nobody.
 */
function orphanCount(table: string, key: ForeignKey, catalog: Catalog): Count | undefined {
  const child = findTable(catalog, table);
  if (child === undefined || !key.columns.every((name) => findColumn(child, name) !== undefined)) return undefined;
  const set = key.columns.map((name) => `child.${id(name)} IS NOT NULL`).join(" AND ");
  const tie = key.columns
    .map((name, at) => `parent.${id(key.parent.columns[at] ?? "")} = child.${id(name)}`)
    .join(" AND ");
  const parentThere = findTable(catalog, key.parent.table) !== undefined;
  const nobody = parentThere ? ` AND NOT EXISTS (SELECT 1 FROM ${id(key.parent.table)} AS parent WHERE ${tie})` : "";
  return {
    counts: `rows of ${table} whose ${key.columns.join(", ")} names no row of ${key.parent.table}`,
    sql: `SELECT COUNT(*) AS n FROM ${id(table)} AS child WHERE ${set}${nobody}`,
  };
}
