/**
 * Renames what is going to be dropped. From then on no session can write to it, on any node of a cluster; no session
 * has to wait; and its rows can be saved without haste. If the run is stopped, it stays set aside: the next `down`
 * continues there, the next `up` restores it.
 */
import { alterTableSql } from "../dialect/render.ts";
import { onlineFor } from "../dialect/online-for.ts";
import { type Catalog, findColumn, findTable, sameName, withTable, withoutTable } from "../model.ts";
import { id, text } from "../sql.ts";
import { type Facts, type Statement, mustFindTable } from "../steps/contract.ts";
import type { AddColumn, CreateTable, Step } from "../steps/step.ts";

/** Identifiers have at most 64 characters; the names of ISPyB are much shorter. */
const prefix = "ispyb_migrate_aside_";

export type Movable = CreateTable | AddColumn;

export function isMovable(step: Step): step is Movable {
  return step.kind === "createTable" || step.kind === "addColumn";
}

/** The names that the table of a step may have meanwhile. */
export function asideTablesOf(step: Step): string[] {
  return step.kind === "createTable" ? [prefix + step.table] : [];
}

/** The same step for the object under its other name. */
export function asideOf<S extends Movable>(step: S): S {
  return step.kind === "createTable"
    ? { ...step, table: prefix + step.table }
    : { ...step, column: { ...step.column, name: prefix + step.column.name } };
}

/** Whether the object of a step is set aside in this catalog. */
export function liesAside(step: Step, catalog: Catalog): step is Movable {
  if (!isMovable(step)) return false;
  const other = asideOf(step);
  const table = findTable(catalog, other.table);
  return other.kind === "createTable"
    ? table !== undefined
    : table !== undefined && findColumn(table, other.column.name) !== undefined;
}

/** SQL that counts the objects that are set aside in the current database. */
export const asideCount = `SELECT COUNT(*) AS n FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND (LEFT(TABLE_NAME, ${prefix.length}) = ${text(prefix)} OR LEFT(COLUMN_NAME, ${prefix.length}) = ${text(prefix)})`;

/** A table, or columns of one table. */
export type Movables = readonly [Movable, ...Movable[]];

export function putAside(steps: Movables, facts: Facts): Statement {
  return rename(steps, (step) => [nameOf(step), nameOf(asideOf(step))], facts);
}

export function putBack(steps: Movables, facts: Facts): Statement {
  return rename(steps, (step) => [nameOf(asideOf(step)), nameOf(step)], facts);
}

/** The catalog as `putAside` leaves it. */
export function withAside(steps: Movables, catalog: Catalog): Catalog {
  return steps.reduce(renamed, catalog);
}

// --- internal ---

function renamed(catalog: Catalog, step: Movable): Catalog {
  const [from, to] = [nameOf(step), nameOf(asideOf(step))];
  const table = mustFindTable(findTable(catalog, step.table), step.table);
  if (step.kind === "createTable") return withTable(withoutTable(catalog, table), { ...table, name: to });
  const now = (name: string) => (sameName(name, from) ? to : name);
  return withTable(catalog, {
    ...table,
    columns: table.columns.map((each) => ({ ...each, name: now(each.name) })),
    indexes: table.indexes.map((each) => ({
      ...each,
      parts: each.parts.map((part) => ({ ...part, column: now(part.column) })),
    })),
    foreignKeys: table.foreignKeys.map((each) => ({ ...each, columns: each.columns.map(now) })),
  });
}

function nameOf(step: Movable): string {
  return step.kind === "createTable" ? step.table : step.column.name;
}

type Names = (step: Movable) => readonly [from: string, to: string];

function rename(steps: Movables, namesOf: Names, { catalog, dialect }: Facts): Statement {
  const [step] = steps;
  const [from, to] = namesOf(step);
  if (step.kind === "createTable") return { sql: `RENAME TABLE ${id(from)} TO ${id(to)}`, locks: [from] };
  const table = mustFindTable(findTable(catalog, step.table), step.table);
  const online = onlineFor("column", dialect.can.withoutRebuild, table, dialect);
  const clauses = steps.map(namesOf).map(([old, now]) => `RENAME COLUMN ${id(old)} TO ${id(now)}`);
  return {
    sql: alterTableSql(step.table, clauses.join(", "), online),
    online,
    locks: [step.table],
    ...(online.algorithm === "COPY" ? { reads: step.table, rebuilds: true } : {}),
  };
}
