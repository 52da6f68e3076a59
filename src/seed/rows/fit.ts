/** What a column of this database can hold, and in which form. Pure. */
import { enumValues, varcharLength } from "../../dialect/column-type.ts";
import type { Column } from "../../model.ts";
import { quoteValue } from "../story/problem.ts";

export type Scalar = string | number | null;

/** A value as it goes to the server. Where the status of a program is a number, running is NULL with a start time. */
export function encode(column: Column, value: string | number | boolean): Scalar {
  if (typeof value === "boolean") return value ? 1 : 0;
  const isNumberedStatus = column.name === "processingStatus" && enumValues(column.type).length === 0;
  if (!isNumberedStatus) return value;
  return value === "SUCCESS" ? 1 : value === "FAILED" ? 0 : null;
}

/** Why the column cannot hold the value; undefined if it can. Characters are checked by the server. */
export function misfit(column: Column, value: Scalar): string | undefined {
  if (value === null) return undefined;
  const { name, type } = column;
  const members = enumValues(type).map((member) => member.slice(1, -1).replaceAll("''", "'"));
  if (members.length > 0) {
    if (members.some((member) => member.toLowerCase() === String(value).toLowerCase())) return undefined;
    return `${name} is ${quoteValue(value)}; this database allows ${members.join(", ")}`;
  }
  if (typeof value === "number") return misfitNumber(name, type, value);
  if (type.startsWith("timestamp") && (value < "1970-01-02" || value >= "2038-01-19")) {
    return `${name} is ${value}; this column holds only times from 1970 to 2038`;
  }
  const most = lengthOf(type);
  const length = Array.from(value).length;
  if (most === undefined || length <= most) return undefined;
  return `${name} has ${length} characters; this column holds at most ${most} (${type})`;
}

// --- internal ---

/** Length in characters. TEXT is limited in bytes; this limit leaves 4 bytes for each character. */
function lengthOf(type: string): number | undefined {
  const length = varcharLength(type.replace(/^char/, "varchar"));
  if (!Number.isNaN(length)) return length;
  return { tinytext: 63, text: 16_383 }[type];
}

const bits: Readonly<Record<string, number>> = { tinyint: 8, smallint: 16, mediumint: 24, int: 32, bigint: 53 };

function misfitNumber(name: string, type: string, value: number): string | undefined {
  const word = /^[a-z]+/.exec(type)?.[0] ?? "";
  const size = bits[word];
  const isUnsigned = type.includes("unsigned");
  if (size === undefined) {
    const limit = word === "float" ? 3.4e38 : Number.MAX_VALUE;
    if (Math.abs(value) <= limit && !(isUnsigned && value < 0)) return undefined;
    return `${name} is ${value}; out of range for ${type}`;
  }
  const [least, most] = isUnsigned ? [0, 2 ** size - 1] : [-(2 ** (size - 1)), 2 ** (size - 1) - 1];
  if (value >= least && value <= most && Number.isInteger(value)) return undefined;
  return `${name} is ${value}; this column holds whole numbers from ${least} to ${most} (${type})`;
}
