import { sameForeignKey } from "../catalog/compare.ts";
import { describeForeignKey } from "../catalog/describe.ts";
import { alterTable, foreignKeyDefinition } from "../dialect/render.ts";
import { type Catalog, type ForeignKey, type Index, findTable, sameNames, withTable } from "../model.ts";
import { id } from "../sql.ts";
import { addForeignKey, handler as addForeignKeyHandler } from "./add-foreign-key.ts";
import { type Facts, type Guard, type Statement, type StepHandler, mustFindTable } from "./contract.ts";
import { conventionTables, resolveForeignKey } from "./convention.ts";
import { noSuchTable } from "./judge.ts";
import { freeName } from "./names.ts";
import { orphanGuard } from "./orphan-guard.ts";
import { foreignKeyProbe, unrestrictedKeyProbe } from "./probe.ts";
import type { ChangeDeleteRule } from "./step.ts";

export function changeDeleteRule(table: string, foreignKey: ChangeDeleteRule["foreignKey"]): ChangeDeleteRule {
  return { kind: "changeDeleteRule", table, foreignKey };
}

export const handler: StepHandler<ChangeDeleteRule> = {
  title: ({ table, foreignKey: { columns, parent } }) =>
    `change delete rule of ${table} (${columns.join(", ")}) → ${parent.table}`,
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
    const owed = wanted.onDelete !== "RESTRICT" && strictOf(step, facts.catalog) !== undefined;
    return owed ? { state: "absent" } : { state: "present", notices: [] };
  },

  guard: guardOf,

  /**
   * With checks off it changes metadata alone, and we count the orphans. There is no moment without a
   * key: a new name is what lets both clauses stand in one statement (measured).
   */
  render(step, facts) {
    const was = mustFindStrict(step, facts.catalog);
    const guard = guardOf(step, facts);
    return {
      ...exchange(step, was, changed(step, was, facts.catalog), facts),
      before: { foreignKey: was },
      ...(guard === undefined ? {} : { guard }),
    };
  },

  project(step, { catalog }) {
    const was = mustFindStrict(step, catalog);
    return exchanged(step, was, changed(step, was, catalog), catalog);
  },

  undo(step, facts, before) {
    const { catalog } = facts;
    const was = before["foreignKey"] as ForeignKey;
    const [now] = twinsOf(step, catalog);
    if (now === undefined) throw new Error(`taken back although absent: ${handler.title(step)}`);
    const back = { ...was, name: freeName(was.name, keysOf(catalog)) };
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

/** The keys on these columns, whatever they are called. */
function twinsOf(step: ChangeDeleteRule, catalog: Catalog): readonly ForeignKey[] {
  const wanted = resolveForeignKey(step.foreignKey, catalog);
  return findTable(catalog, step.table)?.foreignKeys.filter((key) => sameForeignKey(key, wanted)) ?? [];
}

function strictOf(step: ChangeDeleteRule, catalog: Catalog): ForeignKey | undefined {
  return twinsOf(step, catalog).find((key) => key.onDelete === "RESTRICT");
}

function mustFindStrict(step: ChangeDeleteRule, catalog: Catalog): ForeignKey {
  const found = strictOf(step, catalog);
  if (found === undefined) throw new Error(`step rendered although there is nothing to change: ${handler.title(step)}`);
  return found;
}

/** The found key with the rule of this database, and a name that nobody has; all else stays as it is. */
function changed(step: ChangeDeleteRule, was: ForeignKey, catalog: Catalog): ForeignKey {
  const { name, onDelete } = resolveForeignKey(step.foreignKey, catalog);
  return { ...was, name: freeName(name, keysOf(catalog)), onDelete };
}

function keysOf(catalog: Catalog): ForeignKey[] {
  return Object.values(catalog.tables).flatMap((table) => table.foreignKeys);
}

/**
 * An index that the server made for the old key would take the new key's name, and MySQL would build it
 * anew: renamed to itself, it stays as it is (measured).
 */
function exchange(step: ChangeDeleteRule, from: ForeignKey, to: ForeignKey, { catalog, dialect }: Facts): Statement {
  const online = dialect.can.withoutRebuild;
  const clauses = [
    ...ownIndexes(step.table, from, catalog).map(({ name }) => `RENAME INDEX ${id(name)} TO ${id(name)}`),
    `DROP FOREIGN KEY ${id(from.name)}`,
    `ADD ${foreignKeyDefinition(to)}`,
  ];
  return {
    sql: alterTable(step.table, clauses.join(", "), online),
    online,
    locks: [...new Set([step.table, to.parent.table])],
    session: { foreign_key_checks: 0 },
  };
}

/** Those on exactly the columns of the key. */
function ownIndexes(table: string, { columns }: ForeignKey, catalog: Catalog): Index[] {
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

function exchanged({ table: name }: ChangeDeleteRule, from: ForeignKey, to: ForeignKey, catalog: Catalog): Catalog {
  const table = mustFindTable(findTable(catalog, name), name);
  return withTable(catalog, { ...table, foreignKeys: table.foreignKeys.map((key) => (key === from ? to : key)) });
}

/** Undefined where the key is still to be made: an earlier step of the same run counts for it. */
function guardOf(step: ChangeDeleteRule, facts: Facts): Guard | undefined {
  const { catalog } = facts;
  const was = strictOf(step, catalog);
  if (was === undefined) return undefined;
  return orphanGuard(step.table, was, catalog, exchange(step, changed(step, was, catalog), was, facts));
}
