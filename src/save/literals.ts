/**
 * How the values of one type are read without loss and written as literals. Whatever is no number or
 * date is read as bytes: a driver that decodes text and shapes gives back less than there was.
 */
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
}

export type Value = string | Buffer | null;

/** What was read of one value. */
export interface Cell {
  /** Null as well where the value is long. */
  readonly value: Value;
  /** The bytes of a long value, which is read by itself. */
  readonly long?: number;
  /** Of an enum or set. Enums have one that is no label: 0, where a value was refused. */
  readonly ordinal?: string;
}

const itself = (column: string) => column;
const inUtf8 = (column: string) => `CONVERT(${column} USING utf8mb4)`;
const asBytes = (column: string) => `CAST(${column} AS BINARY)`;

const number: Format = { source: itself, as: "number" };
const bits: Format = { source: (column) => `${column} + 0`, as: "number" };
const string: Format = { source: itself, as: "string" };
// A float by itself prints six digits; as a double it prints more than it has. A double is asked for as
// it is: of one that was computed MySQL prints no more than 22 characters (measured on 9.7).
const float: Format = { source: (column) => `${column} * 1e0`, as: "string", rounded: true };
const bytes: Format = { source: itself, as: "bytes" };
// MariaDB's JSON is text of any character set; MySQL takes no mere bytes for its own.
const json: Format = { source: inUtf8, as: "bytes", charset: "utf8mb4", long: true };
// The servers' own form, number of the reference system included, which they take back as it is.
const internal: Format = { source: asBytes, as: "bytes", long: true };
const labels = (kind: "enum" | "set"): Format => ({ source: inUtf8, as: "bytes", charset: "utf8mb4", labels: kind });
const characters = ({ charset }: Column): Format => (charset === undefined ? bytes : { ...bytes, charset });

/** By the first word of the canonical type. */
const formats: Readonly<Record<string, (column: Column) => Format>> = {
  ...all(["tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "year"], () => number),
  ...all(["bit"], () => bits),
  ...all(["float"], () => float),
  // In quotes, because the number -0 is 0.
  ...all(["double"], () => string),
  ...all(["date", "datetime", "timestamp", "time", "uuid", "inet4", "inet6"], () => string),
  ...all(["enum"], () => labels("enum")),
  ...all(["set"], () => labels("set")),
  ...all(["char", "varchar", "tinytext"], characters),
  ...all(["text", "mediumtext", "longtext"], (column) => ({ ...characters(column), long: true })),
  ...all(["json"], () => json),
  ...all(["binary", "varbinary", "tinyblob"], () => bytes),
  ...all(["blob", "mediumblob", "longblob"], () => ({ ...bytes, long: true })),
  ...all(["geometry", "point", "linestring", "polygon", "multipoint", "multilinestring"], () => internal),
  ...all(["multipolygon", "geometrycollection", "geomcollection", "vector"], () => internal),
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
export function literal(format: Format, value: Value): string {
  if (value === null) return "NULL";
  if (typeof value === "string") return format.as === "number" ? value : text(value);
  if (value.length === 0) return "''";
  if (format.charset === undefined) return `0x${value.toString("hex")}`;
  const printed = readable.has(format.charset) ? printable(value.toString("latin1")) : undefined;
  return printed ?? `_${format.charset} 0x${value.toString("hex")}`;
}

function printable(words: string): string | undefined {
  return /^[\x20-\x7e\t\r\n]*$/.test(words) ? oneLine(words) : undefined;
}

/** A literal that stays on its line, so that lines can be counted and no client translates their ends. */
export function oneLine(words: string): string {
  return text(words).replaceAll("\t", "\\t").replaceAll("\r", "\\r").replaceAll("\n", "\\n");
}
