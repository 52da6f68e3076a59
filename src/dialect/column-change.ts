import type { Column, Table } from "../model.ts";
import type { Algorithm, Online } from "./capabilities.ts";
import { enumValues, varcharBytes } from "./column-type.ts";
import type { Dialect } from "./dialect.ts";

export interface ColumnChange {
  readonly online: Online;
  /** True if the duration grows with the number of rows. */
  readonly readsRows: boolean;
}

const lightestFirst: readonly Algorithm[] = ["INSTANT", "NOCOPY", "INPLACE", "COPY"];

/** Algorithm and lock to change a column from one form to another; the heaviest part of the change decides. */
export function columnChange(from: Column, to: Column, table: Table, dialect: Dialect): ColumnChange {
  const parts = [changeOfType(from, to, dialect), ...changesOfNull(from, to, table, dialect)];
  const weight = ({ online }: ColumnChange) => lightestFirst.indexOf(online.algorithm);
  return parts.reduce((heaviest, part) => (weight(part) > weight(heaviest) ? part : heaviest));
}

function changeOfType(from: Column, to: Column, { can }: Dialect): ColumnChange {
  const metadata = { online: can.instant, readsRows: false };
  if (from.type === to.type) return metadata;
  const [had, has] = [enumValues(from.type), enumValues(to.type)];
  if (had.length > 0 && had.every((value, at) => value === has[at])) return metadata;
  const [few, many] = [varcharBytes(from), varcharBytes(to)];
  // A text of up to 255 bytes has one length byte in every row; a longer one has two.
  const fits = many <= 255 || few > 255 || few <= can.outgrowOneLengthByteFrom;
  return few <= many && fits
    ? { online: can.lengthenVarchar, readsRows: false }
    : { online: can.copy, readsRows: true };
}

function changesOfNull(from: Column, to: Column, table: Table, { can }: Dialect): ColumnChange[] {
  if (from.nullable === to.nullable) return [];
  const beside = table.indexes.some((index) => index.kind === "fulltext") ? can.rebuildBesideFulltext : can.rebuild;
  const needed = !to.nullable && isFunction(to.default) ? [beside, can.notNullWithFunction] : [beside];
  return needed.map((online) => ({ online, readsRows: true }));
}

function isFunction(sql: string | undefined): boolean {
  return sql !== undefined && /^[a-z]\w*\(/i.test(sql);
}
