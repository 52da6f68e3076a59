import type { Difference } from "../catalog/difference.ts";
import { enumType, enumValues, textLength } from "../dialect/column-type.ts";
import { type Column, type Table, findColumn, findTable } from "../model.ts";
import { id, text } from "../sql.ts";
import { alterColumn, mustFindColumn, withColumn } from "./alter-column.ts";
import type { Facts, StepHandler, Verdict } from "./contract.ts";
import { columnProbe } from "./probe.ts";
import { updateOf } from "./row-questions.ts";
import type { AddEnumValue } from "./step.ts";
import { noSuchColumn, noSuchTable } from "./verdict.ts";

export function addEnumValue(table: string, column: string, value: string): AddEnumValue {
  return { kind: "addEnumValue", table, column, value };
}

export const handler: StepHandler<AddEnumValue> = {
  title: ({ table, column, value }) => `add enum value ${text(value)} to ${table}.${column}`,
  missing: ({ table, column, value }) => `column ${table}.${column} lacks the enum value ${text(value)}`,
  tables: (step) => [step.table],

  inspect(step, facts) {
    const table = findTable(facts.catalog, step.table);
    if (table === undefined) return noSuchTable(step.table);
    const existing = findColumn(table, step.column);
    if (existing === undefined) return noSuchColumn(step.table, step.column);
    if (enumValues(existing.type).length === 0) return ofOtherType(step, table, existing, facts);
    const there = spelling(step, existing);
    if (there !== undefined)
      return { state: "present", notices: there === text(step.value) ? [] : [other(step, there)] };
    return { state: "absent" };
  },

  /** Appends the value to the existing list: any other change of the list would copy the table. */
  render(step, facts) {
    const { table, column } = mustFindColumn(facts.catalog, step.table, step.column);
    return alterColumn(step.table, table, column, appended(step, column), facts);
  },

  project(step, facts) {
    const { table, column } = mustFindColumn(facts.catalog, step.table, step.column);
    return withColumn(facts.catalog, table, appended(step, column));
  },

  undo(step, facts) {
    const { table, column } = mustFindColumn(facts.catalog, step.table, step.column);
    if (enumValues(column.type).length === 0) return { blocked: [], after: facts.catalog };
    const value = spelling(step, column) ?? text(step.value);
    const rest = enumValues(column.type).filter((each) => each !== value);
    const without = { ...column, type: enumType(rest) };
    const where = `${id(column.name)} = ${value}`;
    const replacement = column.nullable ? "NULL" : (column.default ?? rest[0] ?? "''");
    return {
      statement: alterColumn(step.table, table, column, without, facts),
      loss: {
        table: step.table,
        of: { columns: [column.name] },
        where,
        what: `values ${value} of ${step.table}.${column.name}`,
      },
      hold: "lock",
      clear: updateOf(step.table, table, column.name, replacement, where),
      ...(column.nullable
        ? {}
        : { remains: `sets ${column.name} to ${replacement} in rows of ${step.table} with ${value}` }),
      blocked: column.default === value ? [isDefault(step, value)] : [],
      after: withColumn(facts.catalog, table, without),
    };
  },

  /** Searches the list for a comma and the quoted value: only a separator is a comma directly before a quote. */
  probe(step, { catalog }) {
    const table = findTable(catalog, step.table);
    const existing = table === undefined ? undefined : findColumn(table, step.column);
    if (existing !== undefined && enumValues(existing.type).length === 0)
      return `${columnProbe(step.table, step.column)} AND DATA_TYPE <> 'enum'`;
    const value = (existing === undefined ? undefined : spelling(step, existing)) ?? text(step.value);
    const list = "REPLACE(CAST(COLUMN_TYPE AS BINARY), 'enum(', 'enum(,')";
    return `${columnProbe(step.table, step.column)} AND INSTR(${list}, ${text(`,${value}`)}) > 0`;
  },
};

/** The length of a varchar in place of an enum that cannot hold its values: more than they need. */
const ROOM = 20;

/** A text takes any value: clients write and read words. */
function ofOtherType(step: AddEnumValue, table: Table, existing: Column, facts: Facts): Verdict {
  const difference = noEnum(step, existing);
  if (textLength(existing.type) >= step.value.length)
    return { state: "present", notices: [difference], how: `not needed: a ${existing.type} takes any word` };
  const wider = { ...existing, type: `varchar(${Math.max(ROOM, step.value.length)})` };
  const change =
    existing.charset === undefined ? {} : { change: alterColumn(step.table, table, existing, wider, facts) };
  return { state: "conflict", conflicts: [{ difference, ...change }], notices: [] };
}

/** The value as the list spells it, as an SQL literal. Most collations treat 'debug' and 'Debug' as one value. */
function spelling({ value }: AddEnumValue, column: Column): string | undefined {
  const values = enumValues(column.type);
  const exact = values.find((each) => each === text(value));
  if (exact !== undefined || column.collation?.endsWith("_ci") !== true) return exact;
  return values.find((each) => each.toLowerCase() === text(value).toLowerCase());
}

function appended(step: AddEnumValue, column: Column): Column {
  return { ...column, type: enumType([...enumValues(column.type), text(step.value)]) };
}

function differs({ table, column }: AddEnumValue, aspect: string, expected: string, actual: string): Difference {
  return { part: "column", object: `${table}.${column}`, aspect, expected, found: actual };
}

const noEnum = (step: AddEnumValue, { type }: Column) =>
  differs(step, "type", `an enum with ${text(step.value)}`, type);
const other = (step: AddEnumValue, there: string) => differs(step, "value", text(step.value), there);
const isDefault = (step: AddEnumValue, value: string) => differs(step, "removed default", "another default", value);
