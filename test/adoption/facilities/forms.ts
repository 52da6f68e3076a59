/** Columns in other forms: changed, or already there before `up`. */
import { type Change, harmful, harmless } from "./change.ts";

export const modify = (table: string, column: string) => (definition: string) =>
  `ALTER TABLE ${table} MODIFY ${column} ${definition}`;
export const wider = (table: string, column: string, ...definitions: readonly string[]) =>
  definitions.map((definition) => harmless(`${table}.${column} ${definition}`, modify(table, column)(definition)));
export const other = (table: string, column: string, ...definitions: readonly string[]) =>
  definitions.map((definition) => harmful(`${table}.${column} ${definition}`, modify(table, column)(definition)));
export const there = (table: string, column: string, ...definitions: readonly string[]) =>
  definitions.map((definition) =>
    harmless(`${table}.${column} already there, ${definition}`, `ALTER TABLE ${table} ADD ${column} ${definition}`),
  );
export const thereOtherwise = (table: string, column: string, ...definitions: readonly string[]) =>
  definitions.map((definition) =>
    harmful(`${table}.${column} already there, ${definition}`, `ALTER TABLE ${table} ADD ${column} ${definition}`),
  );
export const compressed = (table: string, column: string, definition: string) =>
  harmless(`${table}.${column} compressed`, { mariadb: modify(table, column)(`${definition} COMPRESSED`) });

/** NOT NULL, once every row has a value. */
export const strict = (table: string, column: string, type: string, value: string): Change =>
  harmful(`${table}.${column} ${type} NOT NULL`, [
    `UPDATE ${table} SET ${column} = ${value} WHERE ${column} IS NULL`,
    modify(table, column)(`${type} NOT NULL DEFAULT ${value}`),
  ]);
