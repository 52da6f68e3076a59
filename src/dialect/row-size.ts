/**
 * The longest row of a table, which must fit half of a page of InnoDB (error 1118). Measured on every server, to the byte:
 * a server that is only asked does not check it. Of a long text a part is in the row, the rest is elsewhere.
 */
import type { Column } from "../model.ts";
import { characterBytes, enumValues } from "./column-type.ts";
import type { Dialect } from "./dialect.ts";

/** Bytes of every row: its header, its transaction, and a pointer to its form before. */
const OWN_BYTES = 5 + 6 + 7;

/** Bytes of the longest row with these columns, in ROW_FORMAT=DYNAMIC. */
export function longestRow(columns: readonly Column[], dialect: Dialect): number {
  const kept = columns.filter(({ generated }) => generated?.stored !== false);
  const nulls = Math.ceil(kept.filter(({ nullable }) => nullable).length / 8);
  return kept.reduce((sum, column) => sum + bytesInRow(column, dialect), OWN_BYTES + nulls);
}

/** The longest row that a page of so many bytes takes. */
export function rowLimit(pageSize: number): number {
  return Math.min(Math.floor((pageSize - 132) / 2), 16_383) - 1;
}

/** The most bytes of this column in a row. */
export function bytesInRow(column: Column, { can: { outsideOfRow } }: Dialect): number {
  const [, name = "", length = "0", scale = "0"] = /^(\w+)(?:\((\d+)(?:,(\d+))?\))?/.exec(column.type) ?? [];
  const [digits, decimals] = [Number(length), Number(scale)];
  const fixed = fixedBytes(name, digits) ?? fixedBytesOfList(name, column.type);
  if (fixed !== undefined) return fixed;
  if (name === "decimal") return digitBytes(digits - decimals) + digitBytes(decimals);
  if (!/^(?:var)?(?:char|binary)$/.test(name)) return outsideOfRow.bytes;
  const most = digits * characterBytes(column);
  if (name === "char" && most === digits) return most;
  if (most >= outsideOfRow.from) return outsideOfRow.bytes;
  return most + (most < 256 ? 1 : 2);
}

// --- internal ---

const sizes: Readonly<Record<string, number>> = {
  tinyint: 1,
  smallint: 2,
  mediumint: 3,
  int: 4,
  bigint: 8,
  float: 4,
  double: 8,
  date: 3,
  year: 1,
  inet4: 4,
  inet6: 16,
  uuid: 16,
};

function fixedBytes(name: string, digits: number): number | undefined {
  switch (name) {
    case "binary":
      return digits;
    case "bit":
      return Math.ceil(digits / 8);
    case "time":
      return 3 + Math.ceil(digits / 2);
    case "timestamp":
      return 4 + Math.ceil(digits / 2);
    case "datetime":
      return 5 + Math.ceil(digits / 2);
    default:
      return sizes[name];
  }
}

function fixedBytesOfList(name: string, type: string): number | undefined {
  if (name === "enum") return enumValues(type).length < 256 ? 1 : 2;
  if (name !== "set") return undefined;
  const bytes = Math.ceil(enumValues(type.replace(/^set/, "enum")).length / 8);
  return bytes > 4 ? 8 : bytes;
}

/** Nine digits in four bytes, the rest in as few as it needs. */
function digitBytes(digits: number): number {
  return Math.floor(digits / 9) * 4 + Math.ceil((digits % 9) / 2);
}
