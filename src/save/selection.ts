import { MigrateError } from "../errors.ts";
import { endVersioning } from "../dialect/render.ts";
import { type Column, type Table, findColumn, keepsHistory, primaryKeyParts, sameName } from "../model.ts";
import { runAgain } from "./folder.ts";
import { type Format, formatOf } from "./literals.ts";

/** Rows that are about to be deleted. */
export interface SavedRows {
  /** The table as introspected, before or after it or its column was set aside. */
  readonly table: Table;
  /** The table's name in the file: the name that `up` gives it. */
  readonly name: string;
  /** The table's current name, if it was set aside. */
  readonly from?: string;
  /** Whole rows, restored by INSERT; or column values, restored by UPDATE of the row with the primary key. */
  readonly of: "rows" | { readonly columns: readonly SavedColumn[] };
  /** The SQL condition of the rows. It names no other table. */
  readonly where: string;
  /** The name of the data in messages, in the plural: "rows of ProcessingJob". */
  readonly title: string;
  /** The facility's own columns, which `up` does not create: the file adds the missing ones. */
  readonly extra?: readonly Column[];
}

export interface SavedColumn {
  readonly name: string;
  /** The column's current name, if it was set aside. */
  readonly from?: string;
}

/** The columns to read of each row, and how they are written to the file. */
export interface Selection {
  readonly table: string;
  readonly from: string;
  readonly where: string;
  readonly form: "INSERT" | "UPDATE";
  readonly columns: readonly SelectedColumn[];
  /** Columns that an UPDATE would change by itself (ON UPDATE), and must not. */
  readonly keep: readonly string[];
}

export interface SelectedColumn {
  readonly name: string;
  readonly from: string;
  readonly format: Format;
  /** True if the column is part of the primary key. */
  readonly key: boolean;
  /** True if the value is restored; false for the key columns of an UPDATE, which only find the row. */
  readonly value: boolean;
}

/** The selection for these rows. Throws SAVE_FAILED if they could not be restored exactly. Sends no query. */
export function select(what: SavedRows): Selection {
  const { table, name, of } = what;
  const wanted = of === "rows" ? wholeRows(table) : someColumns(table, of.columns);
  const columns: SelectedColumn[] = [];
  const reasons: string[] = [];
  for (const { column, ...place } of wanted) {
    const format = formatOf(column);
    if (format !== undefined) columns.push({ ...place, format });
    else reasons.push(`${name}.${column.name} has the unknown type ${column.type}`);
  }
  if (keepsHistory(table)) {
    reasons.push(`${name} is a system-versioned table, and its history would be lost`);
  }
  if (of !== "rows" && !wanted.some((one) => one.key)) {
    reasons.push(`${name} has no primary key, so a saved value cannot be put back into its row`);
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

/** All columns but generated ones, which accept no value. */
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
      if (column === undefined) throw new Error(`cannot save column ${table.name}.${name}: it does not exist`);
      return { name, from, key: false, value: true, column };
    }),
  ];
}

function primaryKey(table: Table): Column[] {
  return primaryKeyParts(table).flatMap((part) => findColumn(table, part.column) ?? []);
}

function notSavable(what: SavedRows, reasons: readonly string[]): MigrateError {
  return new MigrateError("SAVE_FAILED", `${what.title} cannot be saved in a form that can be restored`, {
    where: what.from === undefined || what.from === what.name ? what.name : `${what.name}, now ${what.from}`,
    found: reasons,
    done: "none of this data was deleted",
    next: [
      ...(keepsHistory(what.table)
        ? endVersioning({ ...what.table, name: what.from ?? what.name })
        : ["save this data yourself and remove it from the table"]),
      runAgain,
    ],
  });
}
