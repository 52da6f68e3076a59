import { sameIndex } from "../catalog/compare.ts";
import { describeIndex } from "../catalog/describe.ts";
import { alterTableSql, indexDefinition } from "../dialect/render.ts";
import { type Index, type Table, findColumn, findTable, sameName, withTable } from "../model.ts";
import { id } from "../sql.ts";
import { type StepHandler, mustFindTable } from "./contract.ts";
import { onlineForKeys } from "./alter-keys.ts";
import { copySession } from "./copy-session.ts";
import { dependantsOfIndex } from "./dependants.ts";
import { freeName, isNamedAfter, preferNamed } from "./key-names.ts";
import { tooLongForKey } from "./key-length.ts";
import { indexProbe } from "./probe.ts";
import type { AddIndex } from "./step.ts";
import { noSuchColumn, noSuchTable } from "./verdict.ts";

export function addIndex(table: string, index: AddIndex["index"]): AddIndex {
  return { kind: "addIndex", table, index };
}

export const handler: StepHandler<AddIndex> = {
  title: (step) => `add key ${step.table}.${step.index.name} (${columnsOf(step)})`,
  missing: (step) => `key ${step.table}.${step.index.name} (${columnsOf(step)}) is missing`,
  tables: (step) => [step.table],

  inspect(step, { catalog, dialect }) {
    const object = `${step.table}.${step.index.name}`;
    const table = findTable(catalog, step.table);
    if (table === undefined) return noSuchTable(step.table);
    const lacking = step.index.parts.find(({ column }) => findColumn(table, column) === undefined);
    if (lacking !== undefined && !table.indexes.some((index) => sameName(index.name, step.index.name)))
      return noSuchColumn(step.table, lacking.column);
    const twin = twinOf(step, table);
    if (twin !== undefined) {
      const renamed = { part: "index", object, aspect: "name", expected: step.index.name, found: twin.name } as const;
      const ignored = {
        part: "index",
        object: `${step.table}.${twin.name}`,
        aspect: "ignored",
        expected: "none",
      } as const;
      const isUnused = twinsOf(step, table).every((each) => each.ignored);
      return {
        state: "present",
        notices: [
          ...(isNamedAfter(twin.name, step.index.name) ? [] : [renamed]),
          ...(isUnused ? [{ ...ignored, found: "true" }] : []),
        ],
      };
    }
    const namesake = table.indexes.find((index) => sameName(index.name, step.index.name));
    if (namesake === undefined || !overlaps(namesake, step.index)) {
      const tooLong = tooLongForKey(step.table, table, step.index);
      return tooLong.length === 0 ? { state: "absent" } : { state: "conflict", conflicts: tooLong, notices: [] };
    }
    const [expected, actual] = [describeIndex(step.index), describeIndex(namesake)];
    const online = onlineForKeys(table, dialect);
    const exchange = `DROP INDEX ${id(namesake.name)}, ADD ${indexDefinition(step.index)}`;
    const change = { sql: alterTableSql(step.table, exchange, online), online, reads: step.table, locks: [step.table] };
    const difference = { part: "index", object, aspect: "columns", expected, found: actual } as const;
    return { state: "conflict", conflicts: [{ difference, change }], notices: [] };
  },

  render(step, { catalog, dialect }) {
    const table = mustFindTable(findTable(catalog, step.table), step.table);
    const online = onlineForKeys(table, dialect);
    const definition = indexDefinition(indexUnderFreeName(step, table));
    return {
      sql: alterTableSql(step.table, `ADD ${definition}`, online),
      clause: { verb: "ADD", definition },
      online,
      reads: step.table,
      locks: [step.table],
      ...copySession(online, dialect, table),
      ...(online.algorithm === "COPY" ? { rebuilds: true } : {}),
    };
  },

  project(step, { catalog }) {
    const table = mustFindTable(findTable(catalog, step.table), step.table);
    return withTable(catalog, { ...table, indexes: [...table.indexes, indexUnderFreeName(step, table)] });
  },

  undo(step, { catalog, dialect }) {
    const table = mustFindTable(findTable(catalog, step.table), step.table);
    const twin = twinOf(step, table);
    if (twin === undefined) throw new Error(`undo of an absent step: ${handler.title(step)}`);
    const online = onlineForKeys(table, dialect);
    const sql = alterTableSql(step.table, `DROP INDEX ${id(twin.name)}`, online);
    return {
      statement: {
        sql,
        online,
        locks: [step.table],
        ...(online.algorithm === "COPY" ? { reads: step.table, rebuilds: true } : {}),
      },
      blocked: dependantsOfIndex(catalog, table, twin),
      after: withTable(catalog, { ...table, indexes: table.indexes.filter((index) => index !== twin) }),
    };
  },

  probe: (step) => indexProbe(step.table, step.index),
};

function columnsOf({ index }: AddIndex): string {
  return index.parts.map((part) => part.column).join(", ");
}

function twinOf(step: AddIndex, table: Table): Index | undefined {
  return preferNamed(twinsOf(step, table), step.index.name);
}

function twinsOf(step: AddIndex, table: Table): Index[] {
  return table.indexes.filter((index) => sameIndex(index, step.index));
}

/** The index under a free name: an earlier design may have left an index with our name on other columns. */
function indexUnderFreeName(step: AddIndex, table: Table): Index {
  return { ...step.index, name: freeName(step.index.name, table.indexes) };
}

function overlaps(a: Index, b: Index): boolean {
  return a.parts.some((part) => b.parts.some((other) => sameName(part.column, other.column)));
}
