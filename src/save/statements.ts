/** Rows as statements that restore them, in pieces of limited size. */
import type { Db } from "../db/db.ts";
import { id, idList } from "../sql.ts";
import { compared, isPrinted, qualified } from "./key.ts";
import { type ReadCell, literal } from "./literals.ts";
import { type ReadRow, readLong, readRows } from "./read-rows.ts";
import type { SelectedColumn, Selection } from "./selection.ts";
import { forgiven } from "./session-settings.ts";
import { typedJson } from "./typed-json.ts";
import { countLost } from "./values.ts";

/** Maximum characters of one INSERT. */
const STATEMENT = 256 * 1024;

/** Maximum rows with values of which one statement asks whether they exist. */
const ASKED = 100;

/** True for a line with a row: every row has its own line, and no other line begins like this. */
export function isRowLine(line: string): boolean {
  return line.startsWith("(") || line.startsWith("UPDATE ");
}

/** The statements in pieces; returns the number of rows. */
export async function* rowStatements(db: Db, selection: Selection): AsyncGenerator<string, number> {
  const write = selection.form === "INSERT" ? inserts(selection) : updates(selection);
  let count = 0;
  let pending: Line[] = [];
  let size = 0;
  for await (const row of readRows(db, selection)) {
    count += 1;
    const line = yield* rowAsLine(db, selection, row);
    if (row.cells.some((cell, at) => isRefused(selection.columns[at], cell))) {
      yield forgiven(selection.form === "INSERT" ? insertRefused(selection, line) : write([line]));
      continue;
    }
    pending.push(line);
    size += line.sql.length;
    // The next long value uses the same variables.
    const isFull = size >= STATEMENT || (selection.form === "UPDATE" && pending.length === ASKED);
    if (!isFull && !row.cells.some((cell) => cell.long !== undefined)) continue;
    yield write(pending);
    pending = [];
    size = 0;
  }
  if (pending.length > 0) yield write(pending);
  return count;
}

// --- internal ---

const into = ({ table, columns }: Selection) =>
  `INSERT INTO ${id(table)} ${idList(columns.map((column) => column.name))}`;

/** A row as SQL, and the condition that finds it, for an UPDATE. */
interface Line {
  readonly sql: string;
  readonly key: string;
}

const inserts = (selection: Selection) => (lines: readonly Line[]) =>
  `${into(selection)} VALUES\n${lines.map(({ sql }) => sql).join(",\n")};\n`;

/** An INSERT … SELECT of the line: only in this form a server stores its replacement for a NULL that the column refuses. */
function insertRefused(selection: Selection, { sql }: Line): string {
  return `${into(selection)}\n${sql.replace("(", "(SELECT ")};\n`;
}

const updates =
  ({ table }: Selection) =>
  (lines: readonly Line[]) =>
    lines.map(({ key, sql }) => `${sql} WHERE ${key};\n`).join("") +
    countLost(
      table,
      lines.map(({ key }) => key),
    );

/** Yields the SET statements for the slices of long values, and returns the row's line. */
async function* rowAsLine(db: Db, selection: Selection, row: ReadRow): AsyncGenerator<string, Line> {
  const values: string[] = [];
  let variables = 0;
  for (const [at, column] of selection.columns.entries()) {
    const cell = row.cells[at] ?? { value: null };
    if (cell.incomplete === true) {
      values.push(
        await typedJson(
          db,
          selection.from,
          qualified(selection.from, column),
          row.here,
          await whole(db, selection, column, row, cell),
        ),
      );
      continue;
    }
    if (cell.long === undefined) {
      values.push(isRefused(column, cell) ? refusedValue(column) : literal(column.format, cell.value));
      continue;
    }
    const slices: string[] = [];
    for await (const slice of readLong(db, selection, column, row, cell.long)) {
      variables += 1;
      slices.push(`@ispyb_${variables}`);
      yield `SET @ispyb_${variables} = 0x${slice.toString("hex")};\n`;
    }
    values.push(joined(slices, column.format.charset));
  }
  return selection.form === "INSERT" ? { sql: `(${values.join(", ")})`, key: "" } : update(selection, values);
}

/** The slices joined inside the statement that uses them: there a result beyond max_allowed_packet is an error, not NULL. */
function joined(slices: readonly string[], charset: string | undefined): string {
  const bytes = `CONCAT(${slices.join(", ")})`;
  return charset === undefined ? bytes : `CONVERT(${bytes} USING ${charset})`;
}

function update({ table, columns, keep }: Selection, values: readonly string[]): Line {
  const pairs = columns.map((column, at) => ({ column, pair: `${id(column.name)} = ${values[at]}` }));
  const set = [
    ...pairs.filter(({ column }) => column.value).map(({ pair }) => pair),
    ...keep.map((name) => `${id(name)} = ${id(name)}`),
  ];
  const key = columns.flatMap((column, at) => {
    if (!column.key) return [];
    const value = values[at] ?? "NULL";
    return column.format.rounded === true
      ? isPrinted(id(column.name), value)
      : `${compared(id(column.name), column)} = ${value}`;
  });
  return { sql: `UPDATE ${id(table)} SET ${set.join(", ")}`, key: key.join(" AND ") };
}

/** True for the value that a server stores in place of an invalid one: ordinal 0 of an enum, an empty MySQL vector. */
function isRefused(column: SelectedColumn | undefined, { ordinal, value }: ReadCell): boolean {
  if (column?.format.labels === "enum") return ordinal === "0";
  return column?.format.unset === true && value?.length === 0;
}

function refusedValue({ format }: SelectedColumn): string {
  return format.labels === "enum" ? "0" : "NULL";
}

async function whole(
  db: Db,
  selection: Selection,
  column: SelectedColumn,
  row: ReadRow,
  cell: ReadCell,
): Promise<Buffer> {
  if (cell.long === undefined) return cell.value as Buffer;
  const slices: Buffer[] = [];
  for await (const slice of readLong(db, selection, column, row, cell.long)) slices.push(slice);
  return Buffer.concat(slices);
}
