import type { Column, Online, Table } from "../model.ts";
import { enumValues, varcharBytes } from "./column-type.ts";
import type { Dialect } from "./dialect.ts";
import { onlineFor } from "./online-for.ts";
import { heaviest } from "./table-change.ts";

export interface ColumnChange {
  readonly online: Online;
  /** True if the duration grows with the number of rows. */
  readonly readsRows: boolean;
}

/** Algorithm and lock to change a column from one form to another; the heaviest part of the change decides. */
export function columnChange(from: Column, to: Column, table: Table, dialect: Dialect): ColumnChange {
  const { can } = dialect;
  const ofType = changeOfType(from, to, dialect);
  const online = heaviest([
    onlineFor("column", ofType, table, dialect),
    ...(from.nullable === to.nullable
      ? []
      : [onlineFor(to.nullable ? "to NULL" : "to NOT NULL", can.rebuild, table, dialect)]),
    ...(from.nullable && !to.nullable && mayBeNow(to) ? [can.notNullTime] : []),
  ]);
  const isLight = from.nullable === to.nullable && ofType !== can.copy && online === ofType;
  return { online, readsRows: !isLight };
}

function changeOfType(from: Column, to: Column, { can }: Dialect): Online {
  if (from.type === to.type) return can.instant;
  const [had, has] = [enumValues(from.type), enumValues(to.type)];
  if (had.length > 0 && had.every((value, at) => value === has[at])) return can.instant;
  const [few, many] = [varcharBytes(from), varcharBytes(to)];
  // A text of up to 255 bytes has one length byte in every row; a longer one has two.
  const fits = many <= 255 || few > 255 || few <= can.outgrowOneLengthByteFrom;
  // A compressed text has a length of its own (measured, MariaDB 10.5 and 10.11).
  return few <= many && (fits || from.compressed) ? can.lengthenVarchar : can.copy;
}

/** True for a timestamp, and for a default that is a function. */
function mayBeNow({ type, default: initial = "" }: Column): boolean {
  return type.startsWith("timestamp") || /^[a-z]\w*\(/i.test(initial);
}
