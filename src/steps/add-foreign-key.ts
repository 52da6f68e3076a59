import { compareTables, hasOtherTarget, sameForeignKey } from "../catalog/compare.ts";
import { describeForeignKey } from "../catalog/describe.ts";
import type { Difference } from "../catalog/difference.ts";
import { foreignKeyDefinition } from "../dialect/render.ts";
import { type Catalog, type ForeignKey, type Table, findTable, sameName, sameNames, withTable } from "../model.ts";
import { id } from "../sql.ts";
import { alterForeignKeys } from "./alter-keys.ts";
import { type Facts, type Guard, type Statement, type StepHandler, mustFindTable } from "./contract.ts";
import { conventionTables, resolveForeignKey } from "./delete-rule-convention.ts";
import { exchangeForeignKeys } from "./exchange-foreign-keys.ts";
import { freeName, isNamedAfter, preferNamed } from "./key-names.ts";
import { laterNames } from "./later-steps.ts";
import { orphanGuard } from "./orphan-guard.ts";
import { childProblems, parentProblems } from "./parent-problems.ts";
import { foreignKeyProbe } from "./probe.ts";
import type { AddForeignKey, Step } from "./step.ts";
import { noSuchTable, verdictOf } from "./verdict.ts";

export function addForeignKey(table: string, foreignKey: AddForeignKey["foreignKey"]): AddForeignKey {
  return { kind: "addForeignKey", table, foreignKey };
}

export const handler: StepHandler<AddForeignKey> = {
  title: (step) => `add foreign key ${step.table}.${step.foreignKey.name} → ${step.foreignKey.parent.table}`,
  missing: (step) => `foreign key ${step.table}.${step.foreignKey.name} → ${step.foreignKey.parent.table} is missing`,
  tables: (step) => [step.table, step.foreignKey.parent.table, ...conventionTables],

  inspect(step, facts) {
    const { catalog, later } = facts;
    const wanted = resolveForeignKey(step.foreignKey, catalog);
    const table = findTable(catalog, step.table);
    if (table === undefined) return noSuchTable(step.table);
    const twin = twinOf(step, catalog);
    const rivals = table.foreignKeys.filter((key) => key !== twin && isRival(key, wanted));
    if (rivals.length > 0) {
      const added = twin === undefined ? [keyUnderFreeName(step, catalog)] : [];
      const change = exchangeForeignKeys(step, rivals, added, facts);
      const conflicts = rivals.map((key) => ({ difference: rivalOf(step.table, wanted, key), change }));
      return { state: "conflict", conflicts, notices: [] };
    }
    if (twin !== undefined) {
      const differences = compareTables(only(table, wanted), only(table, twin));
      const reported = differences.filter(({ aspect }) => aspect !== "name" || !isNamedByUs(twin, step, later));
      const change = exchangeForeignKeys(step, [twin], [keyUnderFreeName(step, catalog)], facts);
      return verdictOf(reported, [], (difference) => ({ difference, change }));
    }
    const others = table.foreignKeys.filter((key) => isInTheWay(key, wanted));
    if (others.length > 0) {
      const change = redirecting(step, facts);
      const conflicts = others.map((key) => ({ difference: otherTarget(step.table, wanted, key), change }));
      return { state: "conflict", conflicts, notices: [] };
    }
    const problems = [
      ...childProblems(table, `${step.table}.${wanted.name}`),
      ...parentProblems(step.table, table.columns, wanted, catalog),
    ];
    return problems.length === 0 ? { state: "absent" } : { state: "conflict", conflicts: problems, notices: [] };
  },

  guard: guardOf,

  render(step, facts) {
    const guard = guardOf(step, facts);
    const key = keyUnderFreeName(step, facts.catalog);
    return {
      ...exchangeForeignKeys(step, [], [key], facts),
      clause: { verb: "ADD", definition: foreignKeyDefinition(key) },
      ...(guard === undefined ? {} : { guards: [guard] }),
    };
  },

  project(step, { catalog }) {
    const table = mustFindTable(findTable(catalog, step.table), step.table);
    return withTable(catalog, { ...table, foreignKeys: [...table.foreignKeys, keyUnderFreeName(step, catalog)] });
  },

  /** Drops the key: no row loses anything, and nothing depends on a foreign key. */
  undo(step, facts) {
    const { catalog } = facts;
    const table = mustFindTable(findTable(catalog, step.table), step.table);
    const twin = twinOf(step, catalog);
    if (twin === undefined) throw new Error(`undo of an absent step: ${handler.title(step)}`);
    const foreignKeys = table.foreignKeys.filter((key) => key !== twin);
    return {
      statement: dropForeignKey(step, twin.name, facts),
      blocked: [],
      after: withTable(catalog, { ...table, foreignKeys }),
    };
  },

  probe: (step) => foreignKeyProbe(step.table, step.foreignKey),
};

/** Replaces the keys that tie these columns to another parent. */
export function redirecting(step: AddForeignKey, facts: Facts): Statement {
  const { catalog } = facts;
  const wanted = resolveForeignKey(step.foreignKey, catalog);
  const others = (findTable(catalog, step.table)?.foreignKeys ?? []).filter((key) => isInTheWay(key, wanted));
  const guard = guardOf(step, facts);
  return {
    ...exchangeForeignKeys(step, others, [keyUnderFreeName(step, catalog)], facts),
    ...(guard === undefined ? {} : { guards: [guard] }),
  };
}

/** True for a key of ours by its name or its columns that has another parent. */
function isInTheWay(key: ForeignKey, wanted: ForeignKey): boolean {
  return hasOtherTarget(key, wanted) || (sameName(key.name, wanted.name) && overlaps(key, wanted));
}

function twinOf(step: AddForeignKey, catalog: Catalog): ForeignKey | undefined {
  const wanted = resolveForeignKey(step.foreignKey, catalog);
  const keys = findTable(catalog, step.table)?.foreignKeys ?? [];
  return preferNamed(
    keys.filter((key) => sameForeignKey(key, wanted)),
    wanted.name,
  );
}

/** The key under a free name: an earlier design may have used our name for a key on other columns. */
function keyUnderFreeName(step: AddForeignKey, catalog: Catalog): ForeignKey {
  const taken = Object.values(catalog.tables).flatMap((table) => table.foreignKeys);
  return { ...resolveForeignKey(step.foreignKey, catalog), name: freeName(step.foreignKey.name, taken) };
}

function isNamedByUs({ name }: ForeignKey, { table, foreignKey }: AddForeignKey, later: readonly Step[]): boolean {
  const ours = [foreignKey.name, ...laterNames(later, table, foreignKey.columns)];
  return ours.some((each) => isNamedAfter(name, each));
}

function overlaps(a: ForeignKey, b: ForeignKey): boolean {
  return a.columns.some((column) => b.columns.some((other) => sameName(column, other)));
}

function only(table: Table, key: ForeignKey): Table {
  return { ...table, foreignKeys: [key] };
}

/** True for another key on the same columns with a delete rule that overrides ours. */
function isRival(key: ForeignKey, wanted: ForeignKey): boolean {
  return sameNames(key.columns, wanted.columns) && key.onDelete === "CASCADE" && wanted.onDelete !== "CASCADE";
}

function rivalOf(table: string, wanted: ForeignKey, rival: ForeignKey): Difference {
  return {
    part: "foreign key",
    object: `${table}.${rival.name}`,
    aspect: "second key",
    expected: `only one, with ON DELETE ${wanted.onDelete}`,
    found: describeForeignKey(rival),
  };
}

function otherTarget(table: string, wanted: ForeignKey, existing: ForeignKey): Difference {
  return {
    part: "foreign key",
    object: `${table}.${existing.name}`,
    aspect: "target",
    expected: describeForeignKey(wanted),
    found: describeForeignKey(existing),
  };
}

function guardOf(step: AddForeignKey, facts: Facts): Guard | undefined {
  const { name } = twinOf(step, facts.catalog) ?? keyUnderFreeName(step, facts.catalog);
  return orphanGuard(step.table, step.foreignKey, facts.catalog, dropForeignKey(step, name, facts));
}

function dropForeignKey({ table, foreignKey }: AddForeignKey, name: string, facts: Facts): Statement {
  return alterForeignKeys(table, foreignKey.parent.table, `DROP FOREIGN KEY ${id(name)}`, facts);
}
