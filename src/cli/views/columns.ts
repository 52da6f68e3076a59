import { stripVTControlCharacters } from "node:util";

/** Rows as lines whose cells stand below one another. Paint takes no room. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const width = (cell: string) => stripVTControlCharacters(cell).length;
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => width(row[at] ?? ""))));
  const padded = (cell: string, at: number) => cell + " ".repeat((widths[at] ?? 0) - width(cell));
  return rows.map((row) => row.map(padded).join("  ").trimEnd());
}
