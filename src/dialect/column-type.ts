/** Facts from the canonical spelling of a column's type. */
import type { Column } from "../model.ts";

/** The length of a varchar; NaN for other types, which compares as neither longer nor shorter. */
export function varcharLength(type: string): number {
  return Number(/^varchar\((\d+)\)$/.exec(type)?.[1] ?? Number.NaN);
}

/** How many characters a column of words holds; -1 for other types. */
export function textLength(type: string): number {
  const [, length, text] = /^(?:(?:var)?char\((\d+)\)|(tiny|medium|long)?text)$/.exec(type) ?? [];
  if (length !== undefined) return Number(length);
  return type.endsWith("text") ? (text === "tiny" ? 255 : 65_535) : -1;
}

export function isWholeNumber(type: string): boolean {
  return /^(?:tiny|small|medium|big)?int(?: unsigned)?$/.test(type);
}

/** Character sets by their maximum bytes for a character; all others have one. */
const widths = new Map([
  [4, ["utf8mb4", "utf16", "utf16le", "utf32", "gb18030"]],
  [3, ["utf8mb3", "ujis", "eucjpms"]],
  [2, ["ucs2", "sjis", "cp932", "big5", "gbk", "gb2312", "euckr"]],
]);

export function varcharBytes(column: Column): number {
  return varcharLength(column.type) * characterBytes(column);
}

/** The maximum bytes of a character of this column. */
export function characterBytes({ charset = "" }: Column): number {
  const [width = 1] = [...widths].find(([, charsets]) => charsets.includes(charset)) ?? [];
  return width;
}

/** The members as SQL literals with their quotes; empty if the type is no enum. */
export function enumValues(type: string): string[] {
  const list = /^enum\((.*)\)$/.exec(type)?.[1];
  return list === undefined ? [] : (list.match(/'(?:[^']|'')*'/g) ?? []);
}

export function enumType(values: readonly string[]): string {
  return `enum(${values.join(",")})`;
}
