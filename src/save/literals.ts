/**
 * How the values of one type are read without loss and written as literals. Whatever is no number or
 * date is read as bytes: a driver that decodes text and shapes gives back less than there was.
 */
import { whereJsonIsTyped } from "../dialect/json.ts";
import type { Column } from "../model.ts";
import { text } from "../sql.ts";

export interface Format {
  /** What the server is asked for, given the column. */
  readonly source: (column: string) => string;
  /** `number` and `string`: as the server prints it, bare or in quotes. */
  readonly as: "number" | "string" | "bytes";
  /** The character set of the bytes; undefined where they are no text. */
  readonly charset?: string;
  /** What is printed may differ from the value in its last digit. */
  readonly rounded?: true;
  /** Enums and sets sort by ordinals and compare by labels. */
  readonly labels?: "enum" | "set";
  /** May be too long to be read together with other rows. */
  readonly long?: true;
  /** What the key compares and sorts by, where that is not the column itself. */
  readonly keyed?: (column: string) => string;
  /** The expression for a value that is stored, and not taken back as it is printed. */
  readonly computed?: (printed: string) => string | undefined;
  /** The condition that what is read is all of the value. */
  readonly complete?: (column: string) => string;
  /** Without a value it is empty where the column is NOT NULL, and no session takes the empty value. */
  readonly unset?: true;
}

export type ReadValue = string | Buffer | null;

/** What was read of one value. */
export interface ReadCell {
  /** Null as well where the value is long. */
  readonly value: ReadValue;
  /** The bytes of a long value, which is read by itself. */
  readonly long?: number;
  /** Of an enum or set. Enums have one that is no label: 0, where a value was refused. */
  readonly ordinal?: string;
  /** What was read is not all of the value. */
  readonly incomplete?: true;
}

const itself = (column: string) => column;
const inUtf8 = (column: string) => `CONVERT(${column} USING utf8mb4)`;
const asBytes = (column: string) => `CAST(${column} AS BINARY)`;

const number: Format = { source: itself, as: "number" };
const bits: Format = { source: (column) => `${column} + 0`, as: "number" };
const string: Format = { source: itself, as: "string" };
const time: Format = { ...string, computed: computedTime };
// MariaDB's years of two digits still are whole ones: 1901 is not 2001, although both are printed as 01.
const year2: Format = { source: wholeYear, as: "number", keyed: wholeYear };
// A float by itself prints six digits; as a double it prints more than it has. A double is asked for as
// it is: of one that was computed MySQL prints no more than 22 characters (measured on 9.7).
const float: Format = { source: (column) => `${column} * 1e0`, as: "string", rounded: true };
const bytes: Format = { source: itself, as: "bytes" };
// MariaDB's JSON is text of any character set; MySQL takes no mere bytes for its own.
const json: Format = {
  source: inUtf8,
  as: "bytes",
  charset: "utf8mb4",
  long: true,
  complete: (column) => whereJsonIsTyped(sameJson(`CAST(${inUtf8(column)} AS JSON)`, column)),
};
// The servers' own form, number of the reference system included, which they take back as it is.
const internal: Format = { source: asBytes, as: "bytes", long: true };
const vector: Format = { ...internal, unset: true };
/** Labels are text, or bytes: then MySQL names no character set, and MariaDB `binary`. */
const labels =
  (kind: "enum" | "set") =>
  ({ charset = "binary" }: Column): Format =>
    charset === "binary"
      ? { source: asBytes, as: "bytes", labels: kind }
      : { source: inUtf8, as: "bytes", charset: "utf8mb4", labels: kind };
const characters = ({ charset }: Column): Format => (charset === undefined ? bytes : { ...bytes, charset });

/** By the first word of the canonical type. */
const formats: Readonly<Record<string, (column: Column) => Format>> = {
  ...all(["tinyint", "smallint", "mediumint", "int", "bigint", "decimal"], () => number),
  ...all(["year"], ({ type }) => (type === "year(2)" ? year2 : number)),
  ...all(["bit"], () => bits),
  ...all(["float"], () => float),
  // In quotes, because the number -0 is 0.
  ...all(["double"], () => string),
  ...all(["date", "datetime", "timestamp", "uuid", "inet4", "inet6"], () => string),
  ...all(["time"], () => time),
  ...all(["enum"], labels("enum")),
  ...all(["set"], labels("set")),
  ...all(["char", "varchar", "tinytext"], characters),
  ...all(["text", "mediumtext", "longtext"], (column) => ({ ...characters(column), long: true })),
  ...all(["json"], () => json),
  ...all(["binary", "varbinary", "tinyblob"], () => bytes),
  ...all(["blob", "mediumblob", "longblob"], () => ({ ...bytes, long: true })),
  ...all(["geometry", "point", "linestring", "polygon", "multipoint", "multilinestring"], () => internal),
  ...all(["multipolygon", "geometrycollection", "geomcollection"], () => internal),
  ...all(["vector"], () => vector),
};

function all(types: readonly string[], format: (column: Column) => Format) {
  return Object.fromEntries(types.map((type) => [type, format]));
}

/** Undefined for a type that is not understood. */
export function formatOf(column: Column): Format | undefined {
  return formats[/^\w+/.exec(column.type)?.[0] ?? ""]?.(column);
}

/** Character sets in which the printable bytes of ASCII are those characters, and nothing else. */
const readable = new Set(["ascii", "latin1", "utf8mb3", "utf8mb4"]);

/** A value as SQL text: words where they are safe in every client, hexadecimal everywhere else. */
export function literal(format: Format, value: ReadValue): string {
  if (value === null) return "NULL";
  if (typeof value === "string") return format.computed?.(value) ?? (format.as === "number" ? value : text(value));
  if (value.length === 0) return "''";
  if (format.charset === undefined) return `0x${value.toString("hex")}`;
  const printed = readable.has(format.charset) ? printable(value.toString("latin1")) : undefined;
  return printed ?? `_${format.charset} 0x${value.toString("hex")}`;
}

export function utf8Literal(words: Buffer): string {
  return literal(json, words);
}

/** Up to 838:59:59.999999 MySQL computes and stores a time; as a literal it takes none beyond 838:59:59 (measured on 9.7). */
export function computedTime(printed: string): string | undefined {
  const [, sign = "", fraction] = /^(-?)838:59:59\.(\d*[1-9]\d*)$/.exec(printed) ?? [];
  return fraction === undefined ? undefined : `SEC_TO_TIME(${sign}3020399.${fraction})`;
}

/** Equal to the server, and of the same text: numbers are equal where they are printed in another way. */
export function sameJson(a: string, b: string): string {
  return `(${a} = ${b} AND ${asBytes(inUtf8(a))} = ${asBytes(inUtf8(b))})`;
}

function wholeYear(column: string): string {
  return `YEAR(${column})`;
}

function printable(words: string): string | undefined {
  return /^[\x20-\x7e\t\r\n]*$/.test(words) ? oneLine(words) : undefined;
}

/** A literal that stays on its line, so that lines can be counted and no client translates their ends. */
export function oneLine(words: string): string {
  return text(words).replaceAll("\t", "\\t").replaceAll("\r", "\\r").replaceAll("\n", "\\n");
}
