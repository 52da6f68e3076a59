import { sameForeignKey } from "../catalog/compare.ts";
import { describeForeignKey } from "../catalog/describe.ts";
import { type Catalog, type ForeignKey, type Index, findTable, sameNames, withTable } from "../model.ts";
import { id } from "../sql.ts";
import { addForeignKey, handler as addForeignKeyHandler } from "./add-foreign-key.ts";
import { type Facts, type Guard, type Statement, type StepHandler, mustFindTable } from "./contract.ts";
import { conventionTables, resolveForeignKey } from "./delete-rule-convention.ts";
import { exchangeForeignKeys } from "./exchange-foreign-keys.ts";
import { freeName, isNamedAfter } from "./key-names.ts";
import { orphanGuard } from "./orphan-guard.ts";
import { foreignKeyProbe, unrestrictedKeyProbe } from "./probe.ts";
import { hasTexts, recorded } from "./recorded-before.ts";
import type { ChangeDeleteRule } from "./step.ts";
import { noSuchTable } from "./verdict.ts";

export function changeDeleteRule(table: string, foreignKey: ChangeDeleteRule["foreignKey"]): ChangeDeleteRule {
  return { kind: "changeDeleteRule", table, foreignKey };
}

export const handler: StepHandler<ChangeDeleteRule> = {
  title: ({ table, foreignKey: { columns, parent } }) =>
    `change delete rule of ${table} (${columns.join(", ")}) → ${parent.table}`,
  missing: ({ table, foreignKey: { columns, parent } }) =>
    `foreign key of ${table} (${columns.join(", ")}) → ${parent.table} has ON DELETE RESTRICT`,
  present: () => "nothing to do",
  tables: (step) => [step.table, step.foreignKey.parent.table, ...conventionTables],

  inspect(step, facts) {
    const table = findTable(facts.catalog, step.table);
    if (table === undefined) return noSuchTable(step.table);
    const wanted = resolveForeignKey(step.foreignKey, facts.catalog);
    if (twinsOf(step, facts.catalog).length === 0) {
      const object = `${step.table}.${wanted.name}`;
      const expected = describeForeignKey(wanted);
      const missing = { part: "foreign key", object, aspect: "existence", expected } as const;
      const add = addForeignKeyHandler.render(addForeignKey(step.table, step.foreignKey), facts);
      return { state: "conflict", conflicts: [{ difference: missing, add }], notices: [] };
    }
    const isPending = wanted.onDelete !== "RESTRICT" && strictOf(step, facts.catalog).length > 0;
    return isPending ? { state: "absent" } : { state: "present", notices: [] };
  },

  guard: guardOf,

  /** Drops the old key and adds the new one in one statement, which requires a new name (measured). */
  render(step, facts) {
    const was = mustFindStrict(step, facts.catalog);
    const guard = guardOf(step, facts);
    return {
      ...exchange(step, was, changed(step, was, facts.catalog), facts),
      before: { foreignKeys: was },
      ...(guard === undefined ? {} : { guards: [guard] }),
    };
  },

  project(step, { catalog }) {
    const was = mustFindStrict(step, catalog);
    return exchanged(step, was, changed(step, was, catalog), catalog);
  },

  undo(step, facts, before) {
    const { catalog } = facts;
    const was = recorded(before, "foreignKeys", areKeys, handler.title(step));
    const now = oursOf(step, catalog).slice(0, was.length);
    if (now.length === 0) throw new Error(`undo of an absent step: ${handler.title(step)}`);
    const back = renamed(was, catalog);
    return {
      statement: exchange(step, now, back, facts),
      blocked: [],
      after: exchanged(step, now, back, catalog),
    };
  },

  probe(step, { catalog }) {
    const { onDelete } = resolveForeignKey(step.foreignKey, catalog);
    const probe = onDelete === "RESTRICT" ? foreignKeyProbe : unrestrictedKeyProbe;
    return probe(step.table, step.foreignKey);
  },
};

/** The keys on these columns, under any name. */
function twinsOf(step: ChangeDeleteRule, catalog: Catalog): readonly ForeignKey[] {
  const wanted = resolveForeignKey(step.foreignKey, catalog);
  return findTable(catalog, step.table)?.foreignKeys.filter((key) => sameForeignKey(key, wanted)) ?? [];
}

/** Every key with RESTRICT: one of them is enough to block a delete. */
function strictOf(step: ChangeDeleteRule, catalog: Catalog): readonly ForeignKey[] {
  return twinsOf(step, catalog).filter((key) => key.onDelete === "RESTRICT");
}

/** The keys that the step created, recognised by name; if none has that name any more, every candidate. */
function oursOf(step: ChangeDeleteRule, catalog: Catalog): readonly ForeignKey[] {
  const keys = twinsOf(step, catalog).filter((key) => key.onDelete !== "RESTRICT");
  const named = keys.filter((key) => isNamedAfter(key.name, step.foreignKey.name));
  return named.length > 0 ? named : keys;
}

function areKeys(value: unknown): value is readonly ForeignKey[] {
  const isKey = (key: unknown) => hasTexts(key, "name", "onDelete", "onUpdate");
  return Array.isArray(value) && value.length > 0 && value.every(isKey);
}

function mustFindStrict(step: ChangeDeleteRule, catalog: Catalog): readonly ForeignKey[] {
  const strict = strictOf(step, catalog);
  if (strict.length === 0) throw new Error(`statement of a step with nothing to change: ${handler.title(step)}`);
  return strict;
}

/** The existing keys with the delete rule of this database and our name; the rest stays as it is. */
function changed(step: ChangeDeleteRule, was: readonly ForeignKey[], catalog: Catalog): ForeignKey[] {
  const { name, onDelete } = resolveForeignKey(step.foreignKey, catalog);
  return renamed(
    was.map((key) => ({ ...key, name, onDelete })),
    catalog,
  );
}

/** The keys under free names, each a different one. */
function renamed(keys: readonly ForeignKey[], catalog: Catalog): ForeignKey[] {
  const taken = allForeignKeys(catalog);
  return keys.map((key) => {
    const free = { ...key, name: freeName(key.name, taken) };
    taken.push(free);
    return free;
  });
}

function allForeignKeys(catalog: Catalog): ForeignKey[] {
  return Object.values(catalog.tables).flatMap((table) => table.foreignKeys);
}

/**
 * Replaces keys in one statement. The server would rename the index that it created for the old key, and MySQL
 * would rebuild it: renamed to its own name, the index stays as it is (measured).
 */
function exchange(
  step: ChangeDeleteRule,
  from: readonly ForeignKey[],
  to: readonly ForeignKey[],
  facts: Facts,
): Statement {
  const indexes = ownIndexes(step.table, step.foreignKey, facts.catalog);
  const kept = indexes.map(({ name }) => `RENAME INDEX ${id(name)} TO ${id(name)}`);
  return exchangeForeignKeys(step, from, to, facts, kept);
}

/** Plain indexes on exactly the columns of the key. */
function ownIndexes(table: string, { columns }: Pick<ForeignKey, "columns">, catalog: Catalog): Index[] {
  const indexes = findTable(catalog, table)?.indexes ?? [];
  return indexes.filter(
    ({ kind, parts }) =>
      kind === "plain" &&
      sameNames(
        parts.map((part) => part.column),
        columns,
      ),
  );
}

function exchanged(
  { table: name }: ChangeDeleteRule,
  from: readonly ForeignKey[],
  to: readonly ForeignKey[],
  catalog: Catalog,
): Catalog {
  const table = mustFindTable(findTable(catalog, name), name);
  const foreignKeys = [...table.foreignKeys.filter((key) => !from.includes(key)), ...to];
  return withTable(catalog, { ...table, foreignKeys });
}

/**
 * Undefined if there is no key yet: the earlier step that creates it counts the orphans. A key may be changed
 * already by a run that was stopped before it counted: then `undo` sets it back to RESTRICT.
 */
function guardOf(step: ChangeDeleteRule, facts: Facts): Guard | undefined {
  const { catalog } = facts;
  const [was, now] = [strictOf(step, catalog), oursOf(step, catalog)];
  if (was.length > 0) return counting(step, changed(step, was, catalog), was, facts);
  const strict = now.map((key): ForeignKey => ({ ...key, onDelete: "RESTRICT" }));
  return now.length === 0 ? undefined : counting(step, now, renamed(strict, catalog), facts);
}

/** Counts the rows without a parent; `undo` replaces the keys `from` by the keys `to`. */
function counting(
  step: ChangeDeleteRule,
  from: readonly ForeignKey[],
  to: readonly ForeignKey[],
  facts: Facts,
): Guard | undefined {
  return orphanGuard(step.table, step.foreignKey, facts.catalog, exchange(step, from, to, facts));
}
