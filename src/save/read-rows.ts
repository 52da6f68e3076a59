/**
 * Reads rows in pages and long values in slices, so that memory does not grow with the data. The caller ensures
 * that no other session writes meanwhile.
 */
import type { Db } from "../db/db.ts";
import { id } from "../sql.ts";
import { after, keyParts, ordinalOf, qualified, same } from "./key.ts";
import type { ReadCell, ReadValue } from "./literals.ts";
import type { SelectedColumn, Selection } from "./selection.ts";

/** Rows that are read at once. */
const PAGE = 1_000;

/** Maximum bytes of a value that is read together with its row. */
const SHORT = 8 * 1024;

/** Bytes of a long value that are read at once. A character has at most four. */
const SLICE = 256 * 1024;

export interface ReadRow {
  readonly cells: readonly ReadCell[];
  /** The end of a SELECT that finds only this row. */
  readonly here: string;
}

/** Rows in pages along the primary key, or in the server's order if there is none. */
export async function* readRows(db: Db, selection: Selection): AsyncGenerator<ReadRow> {
  const { columns, from, where } = selection;
  const key = keyParts(selection);
  const select = `SELECT ${columns.flatMap((column, at) => expressionsOf(from, column, at)).join(", ")} FROM ${id(from)}`;
  let last: ReadRow | undefined;
  for (let done = 0, read = PAGE; read === PAGE; done += read) {
    const position = last === undefined || key.length === 0 ? "" : ` AND (${after(key, last.cells)})`;
    const limit = key.length === 0 ? `LIMIT ${PAGE} OFFSET ${done}` : `${orderBy(key)} LIMIT ${PAGE}`;
    const answers = await db.rows<Answer>(`${select} WHERE ${where}${position} ${limit}`);
    for (const [at, answer] of answers.entries()) {
      const cells = columns.map((column, index) => cellOf(column, answer, index));
      const here = key.length === 0 ? `${where} LIMIT 1 OFFSET ${done + at}` : same(key, cells);
      last = { cells, here: `WHERE ${here}` };
      yield last;
    }
    read = answers.length;
  }
}

/** The bytes of a long value in slices. */
export async function* readLong(db: Db, { from }: Selection, column: SelectedColumn, row: ReadRow, length: number) {
  const source = column.format.source(qualified(from, column));
  const size = column.format.charset === undefined ? SLICE : SLICE / 4;
  for (let at = 1, bytes = 0; bytes < length; at += size) {
    const [answer] = await db.rows<{ slice: Buffer | null }>(
      `SELECT CAST(SUBSTRING(${source}, ${at}, ${size}) AS BINARY) AS slice FROM ${id(from)} ${row.here}`,
    );
    // A result longer than max_allowed_packet is NULL, with only a warning (1301).
    if (!answer?.slice?.length)
      throw new Error(`${from}.${column.from}: only ${bytes} of ${length} bytes could be read`);
    bytes += answer.slice.length;
    yield answer.slice;
  }
}

// --- internal ---

type Answer = Readonly<Record<string, ReadValue | number>>;

function orderBy(key: ReturnType<typeof keyParts>): string {
  return `ORDER BY ${key.map((part) => part.sorted).join(", ")}`;
}

/** The expressions to select for a column: its value, and a number if the format needs one. */
function expressionsOf(from: string, column: SelectedColumn, at: number): string[] {
  const { format } = column;
  const source = format.source(qualified(from, column));
  const value = `CAST(${source} AS ${format.as === "bytes" ? "BINARY" : "CHAR"})`;
  if (format.labels !== undefined) return [`${value} AS v${at}`, `${ordinalOf(from, column)} AS n${at}`];
  const complete = format.complete === undefined ? [] : [`${format.complete(qualified(from, column))} AS c${at}`];
  // Key columns are read with the row at any length.
  if (format.long === undefined || column.key) return [`${value} AS v${at}`];
  return [`IF(LENGTH(${source}) > ${SHORT}, NULL, ${value}) AS v${at}`, `LENGTH(${source}) AS n${at}`, ...complete];
}

function cellOf(column: SelectedColumn, answer: Answer, at: number): ReadCell {
  const value = answer[`v${at}`] as ReadValue;
  const beside = answer[`n${at}`] ?? null;
  if (beside === null) return { value };
  if (column.format.labels !== undefined) return { value, ordinal: String(beside) };
  const incomplete = Number(answer[`c${at}`] ?? 1) === 0 ? { incomplete: true as const } : {};
  return { value, ...(Number(beside) > SHORT ? { long: Number(beside) } : {}), ...incomplete };
}
