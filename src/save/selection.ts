import { MigrateError } from "../errors.ts";
import { type Column, type Table, findColumn, sameName } from "../model.ts";
import { type Format, formatOf } from "./literals.ts";

/** Rows that are about to be destroyed. */
export interface SavedRows {
  /** As introspected, before or after anything of it was renamed aside. */
  readonly table: Table;
  /** What the table is called in the file: the name that `up` gives it. */
  readonly name: string;
  /** Where the rows lie now, if the table was renamed aside. */
  readonly from?: string;
  /** Whole rows come back by INSERT; values of columns by UPDATE, to the row of that primary key. */
  readonly of: "rows" | { readonly columns: readonly SavedColumn[] };
  /** The condition of the rows, in SQL. Names no other table. */
  readonly where: string;
  /** In the plural, for people: "rows of ProcessingJob". */
  readonly title: string;
  /** Columns that `up` may not make, the facility's own: the file adds those that are missing. */
  readonly extra?: readonly Column[];
}

export interface SavedColumn {
  readonly name: string;
  /** Where the values lie now, if the column was renamed aside. */
  readonly from?: string;
}

/** What is read of each row, and what becomes of it in the file. */
export interface Selection {
  readonly table: string;
  readonly from: string;
  readonly where: string;
  readonly form: "INSERT" | "UPDATE";
  readonly columns: readonly SelectedColumn[];
  /** Columns that change by themselves in an UPDATE, and must not. */
  readonly keep: readonly string[];
}

export interface SelectedColumn {
  readonly name: string;
  readonly from: string;
  readonly format: Format;
  /** Part of the primary key. */
  readonly key: boolean;
  /** Brought back; of an UPDATE the key is only looked for. */
  readonly value: boolean;
}

/** Throws SAVE_FAILED where these rows could not be brought back as they are. Asks no server. */
export function select(what: SavedRows): Selection {
  const { table, name, of } = what;
  const wanted = of === "rows" ? wholeRows(table) : someColumns(table, of.columns);
  const columns: SelectedColumn[] = [];
  const reasons: string[] = [];
  for (const { column, ...place } of wanted) {
    const format = formatOf(column);
    if (format !== undefined) columns.push({ ...place, format });
    else reasons.push(`${name}.${column.name} is of the type ${column.type}, which is not understood`);
  }
  if (table.notUnderstood.includes("system versioned")) {
    reasons.push(`${name} is system versioned, and its history would be lost`);
  }
  if (of !== "rows" && !wanted.some((one) => one.key)) {
    reasons.push(`${name} has no primary key by which a value would find its row`);
  }
  if (reasons.length > 0) throw notSavable(what, reasons);
  const values = columns.filter((column) => column.value);
  const keep = table.columns.filter(
    ({ name: own, onUpdate }) =>
      onUpdate !== undefined && !values.some((value) => sameName(value.name, own) || sameName(value.from, own)),
  );
  return {
    table: name,
    from: what.from ?? name,
    where: `(${what.where})`,
    form: of === "rows" ? "INSERT" : "UPDATE",
    columns,
    keep: keep.map((column) => column.name),
  };
}

// --- internal ---

interface Wanted extends Omit<SelectedColumn, "format"> {
  readonly column: Column;
}

/** All but generated columns, which take no value. */
function wholeRows(table: Table): Wanted[] {
  const key = primaryKey(table);
  return table.columns
    .filter((column) => column.generated === undefined)
    .map((column) => ({ name: column.name, from: column.name, key: key.includes(column), value: true, column }));
}

function someColumns(table: Table, columns: readonly SavedColumn[]): Wanted[] {
  return [
    ...primaryKey(table).map((column) => ({ name: column.name, from: column.name, key: true, value: false, column })),
    ...columns.map(({ name, from = name }) => {
      const column = findColumn(table, from) ?? findColumn(table, name);
      if (column === undefined) throw new Error(`column ${table.name}.${name} is to be saved although it is absent`);
      return { name, from, key: false, value: true, column };
    }),
  ];
}

function primaryKey(table: Table): Column[] {
  const parts = table.indexes.find((index) => index.kind === "primary")?.parts ?? [];
  return parts.flatMap((part) => findColumn(table, part.column) ?? []);
}

function notSavable(what: SavedRows, reasons: readonly string[]): MigrateError {
  return new MigrateError("SAVE_FAILED", `${what.title} cannot be saved in a form that would bring them back`, {
    where: what.from === undefined || what.from === what.name ? what.name : `${what.name}, now ${what.from}`,
    found: reasons,
    done: "nothing of them was destroyed",
    next: "save them by your own means and take them out of the table, then the same command again",
  });
}
