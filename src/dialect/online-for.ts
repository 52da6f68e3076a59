import { type Online, type Table, findColumn, sameName } from "../model.ts";
import { id } from "../sql.ts";
import type { Dialect } from "./dialect.ts";
import { type Change, type TableForm, heaviest } from "./table-change.ts";

/**
 * Algorithm and lock of a change of this table. `base` is what the change needs in a plain table, `column` the column that
 * it is about.
 */
export function onlineFor(change: Change, base: Online, table: Table, { can }: Dialect, column = ""): Online {
  const { columnChanges: asked } = table;
  const online = can.online(change, base, formOf(table, column));
  return asked !== undefined && isOfColumns(change) ? heaviest([online, asked]) : online;
}

// --- internal ---

function isOfColumns(change: Change): boolean {
  return change === "add column" || change === "drop column";
}

function formOf(table: Table, changed: string): TableForm {
  const { columns, indexes } = table;
  const keyed = new Set(indexes.flatMap(({ parts }) => parts.map(({ column }) => findColumn(table, column))));
  const at = columns.findIndex(({ name }) => sameName(name, changed));
  const virtual = columns.filter(({ generated }) => generated?.stored === false);
  return {
    compressed: table.compressed === true,
    fulltext: indexes.some(({ kind }) => kind === "fulltext"),
    spatial: indexes.some(({ kind }) => kind === "spatial"),
    longUnique: indexes.some(({ hash }) => hash === true),
    keyedVirtual: virtual.some((each) => keyed.has(each)),
    virtualBehind: virtual.some((each) => columns.indexOf(each) > at),
    stored: columns.some(({ generated }) => generated?.stored === true),
    typedCheck: hasTypedCheck(table),
    hidden: table.columnChanges !== undefined,
  };
}

function hasTypedCheck({ checks, columns }: Table): boolean {
  const typed = columns.filter(({ type }) => /^(?:enum|set|date|datetime|time|timestamp)\b/.test(type));
  return checks.some(({ expression }) => typed.some(({ name }) => expression.includes(id(name))));
}
