/** Types, in canonical spelling, that take every value of another type and give it back unchanged. */
import { enumValues, varcharLength } from "./column-type.ts";

export function isWiderType(wanted: string, actual: string): boolean {
  return (
    includesRange(wanted, actual) ||
    isLongerText(wanted, actual) ||
    isLongerBinary(wanted, actual) ||
    isFinerTime(wanted, actual) ||
    hasEveryValue(wanted, actual)
  );
}

const bits: Readonly<Record<string, number>> = { tinyint: 8, smallint: 16, mediumint: 24, int: 32, bigint: 64 };

/** tinyint(1) is a tinyint that clients read as a boolean: they compare it with 0 and 1, in any whole number. */
function includesRange(wanted: string, actual: string): boolean {
  const [few, many] = [rangeOf(wanted), rangeOf(actual)];
  return few !== undefined && many !== undefined && many.least <= few.least && few.most <= many.most;
}

function rangeOf(type: string): { readonly least: bigint; readonly most: bigint } | undefined {
  const [, name = "", unsigned] = /^(tinyint|smallint|mediumint|int|bigint)(?:\(1\))?( unsigned)?$/.exec(type) ?? [];
  const size = bits[name];
  if (size === undefined) return undefined;
  const half = 2n ** BigInt(size - 1);
  return unsigned === undefined ? { least: -half, most: half - 1n } : { least: 0n, most: 2n * half - 1n };
}

/** Bytes of the texts without a length. */
const texts: Readonly<Record<string, number>> = {
  tinytext: 255,
  text: 65_535,
  mediumtext: 16_777_215,
  longtext: 4_294_967_295,
};
/** Bytes of the longest character. */
const CHARACTER = 4;

function isLongerText(wanted: string, actual: string): boolean {
  if (varcharLength(actual) >= varcharLength(wanted)) return true;
  const needed = texts[wanted] ?? varcharLength(wanted) * CHARACTER;
  return (texts[actual] ?? 0) >= needed;
}

/** A varbinary keeps a binary as it is; the other way round short values would be filled with zeros. */
function isLongerBinary(wanted: string, actual: string): boolean {
  const length = (type: string) => Number(/^(?:var)?binary\((\d+)\)$/.exec(type)?.[1] ?? Number.NaN);
  return actual.startsWith("var") && length(actual) >= length(wanted);
}

function isFinerTime(wanted: string, actual: string): boolean {
  const [, kind, digits = "0"] = /^(timestamp|datetime|time)(?:\((\d)\))?$/.exec(wanted) ?? [];
  const [, same, more = "0"] = /^(timestamp|datetime|time)(?:\((\d)\))?$/.exec(actual) ?? [];
  return kind !== undefined && kind === same && Number(more) >= Number(digits);
}

function hasEveryValue(wanted: string, actual: string): boolean {
  const [values, there] = [enumValues(wanted), enumValues(actual)];
  return values.length > 0 && values.every((value) => there.includes(value));
}
