/**
 * How values of each type are read without loss and written as literals. Everything but numbers and dates is read
 * as bytes: a driver that decodes texts and geometries may lose data.
 */
import { whereJsonIsTyped } from "../dialect/json.ts";
import type { Column } from "../model.ts";
import { text } from "../sql.ts";

export interface Format {
  /** The SQL expression to read, given the column. */
  readonly source: (column: string) => string;
  /** `number` and `string`: as the server prints it, bare or in quotes. */
  readonly as: "number" | "string" | "bytes";
  /** The character set of the bytes; undefined if they are no text. */
  readonly charset?: string;
  /** The printed value may differ from the stored one in its last digit. */
  readonly rounded?: true;
  /** Set for enums and sets, which sort by ordinals and compare by labels. */
  readonly labels?: "enum" | "set";
  /** The value may be too long to read it together with other rows. */
  readonly long?: true;
  /** The expression that a key compares and sorts by, if it is not the column itself. */
  readonly keyed?: (column: string) => string;
  /** The expression for a stored value that the server refuses in its printed form. */
  readonly computed?: (printed: string) => string | undefined;
  /** The SQL condition that the read text is the complete value. */
  readonly complete?: (column: string) => string;
  /** The server stores an empty value for an invalid NULL in a NOT NULL column, but accepts no empty literal. */
  readonly unset?: true;
}

export type ReadValue = string | Buffer | null;

/** One value as it was read. */
export interface ReadCell {
  /** Also null if the value is long. */
  readonly value: ReadValue;
  /** The length in bytes of a long value, which is read separately. */
  readonly long?: number;
  /** The ordinal of an enum or set. Ordinal 0 of an enum is no label: it stands for an invalid value. */
  readonly ordinal?: string;
  /** The read text is not the complete value. */
  readonly incomplete?: true;
}

const itself = (column: string) => column;
const inUtf8 = (column: string) => `CONVERT(${column} USING utf8mb4)`;
const asBytes = (column: string) => `CAST(${column} AS BINARY)`;

const number: Format = { source: itself, as: "number" };
const bits: Format = { source: (column) => `${column} + 0`, as: "number" };
const string: Format = { source: itself, as: "string" };
const time: Format = { ...string, computed: computedTime };
// MariaDB stores four digits of a two-digit year: 1901 differs from 2001, although both are printed as 01.
const year2: Format = { source: wholeYear, as: "number", keyed: wholeYear };
// A float prints six digits; read as a double it prints all digits and more. A double is read unchanged: MySQL
// prints only 22 characters of a computed double (measured on 9.7).
const float: Format = { source: (column) => `${column} * 1e0`, as: "string", rounded: true };
const bytes: Format = { source: itself, as: "bytes" };
// MariaDB's JSON is text of any character set; MySQL accepts no plain bytes as JSON.
const json: Format = {
  source: inUtf8,
  as: "bytes",
  charset: "utf8mb4",
  long: true,
  complete: (column) => whereJsonIsTyped(sameJson(`CAST(${inUtf8(column)} AS JSON)`, column)),
};
// The servers' internal form, with the number of the reference system, which they accept unchanged.
const internal: Format = { source: asBytes, as: "bytes", long: true };
const vector: Format = { ...internal, unset: true };
/** Labels are text or bytes. For bytes, MySQL reports no character set, and MariaDB reports `binary`. */
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

/** The format of a column; undefined for an unknown type. */
export function formatOf(column: Column): Format | undefined {
  return formats[/^\w+/.exec(column.type)?.[0] ?? ""]?.(column);
}

/** Character sets in which printable ASCII bytes always mean these characters. */
const readable = new Set(["ascii", "latin1", "utf8mb3", "utf8mb4"]);

/** A value as SQL text: quoted if that is safe in every client, otherwise hexadecimal. */
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

/** The expression for a time above 838:59:59: MySQL stores up to 838:59:59.999999, but refuses such a literal (measured on 9.7). */
export function computedTime(printed: string): string | undefined {
  const [, sign = "", fraction] = /^(-?)838:59:59\.(\d*[1-9]\d*)$/.exec(printed) ?? [];
  return fraction === undefined ? undefined : `SEC_TO_TIME(${sign}3020399.${fraction})`;
}

/** The SQL condition that both are equal to the server and have the same text: equal numbers may be printed differently. */
export function sameJson(a: string, b: string): string {
  return `(${a} = ${b} AND ${asBytes(inUtf8(a))} = ${asBytes(inUtf8(b))})`;
}

function wholeYear(column: string): string {
  return `YEAR(${column})`;
}

function printable(words: string): string | undefined {
  return /^[\x20-\x7e\t\r\n]*$/.test(words) ? oneLine(words) : undefined;
}

/** A literal on one line, so that lines can be counted and no client converts line ends. */
export function oneLine(words: string): string {
  return text(words).replaceAll("\t", "\\t").replaceAll("\r", "\\r").replaceAll("\n", "\\n");
}
