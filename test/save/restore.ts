/** Saves rows to a file, restores them, and compares. */
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { introspect } from "../../src/catalog/introspect.ts";
import { readServer } from "../../src/catalog/server.ts";
import { connect } from "../../src/db/connect.ts";
import type { Db } from "../../src/db/db.ts";
import { statements } from "../../src/base/split-script.ts";
import { createTableSql } from "../../src/dialect/render.ts";
import type { Column, Table } from "../../src/model.ts";
import { openSaveFile } from "../../src/save/save-file.ts";
import { id } from "../../src/sql.ts";
import type { TestDatabase } from "../support/servers.ts";
import { targetOf } from "../support/upgrade.ts";

export function session(db: TestDatabase): Promise<Db> {
  return connect(targetOf(db));
}

export async function tableOf(db: Db, name: string): Promise<Table> {
  const { dialect } = await readServer(db);
  const table = (await introspect(db, dialect, { tables: [name] })).tables[name];
  if (table === undefined) throw new Error(`there is no table ${name}`);
  return table;
}

export async function textOf(path: string): Promise<string> {
  return gunzipSync(await readFile(path)).toString();
}

/** Sends the statements of the file one by one. */
export async function restore(db: Db, path: string): Promise<void> {
  for (const { sql } of statements(await textOf(path))) await db.run(sql);
}

/**
 * Puts the table aside, saves its rows from there, makes it again and brings them back. The rows that
 * were saved stay aside, for a comparison on the server.
 */
export async function thereAndBack(db: Db, folder: string, name: string, bring = restore): Promise<number> {
  const table = await tableOf(db, name);
  await db.run(`RENAME TABLE ${id(name)} TO aside`);
  const file = await openSaveFile(folder, db);
  const { rows } = await file.save(db, { table, name, from: "aside", of: "rows", where: "TRUE", title: "rows" });
  await file.deleted();
  await file.finish();
  await db.run(createTableSql(table));
  await bring(db, file.path);
  return rows;
}

/** Differences between the restored rows and those set aside, row by row along this column, which has unique values. */
export async function differences(db: Db, name: string, by: string): Promise<string[]> {
  const { columns } = await tableOf(db, name);
  const unlike = columns.map((column, at) => `SUM(NOT (${alike(column)})) AS c${at}`);
  const [found] = await db.rows<Record<string, number | string>>(
    `SELECT COUNT(*) AS joined, (SELECT COUNT(*) FROM aside) AS saved, (SELECT COUNT(*) FROM ${id(name)}) AS restored, ` +
      `${unlike.join(", ")} FROM ${id(name)} AS back JOIN aside ON back.${id(by)} = aside.${id(by)}`,
  );
  const { joined, saved, restored } = found ?? {};
  const counts =
    joined === saved && saved === restored ? [] : [`of ${saved} rows ${restored} came back, ${joined} the same`];
  const values = columns.flatMap(({ name: column }, at) =>
    Number(found?.[`c${at}`]) === 0 ? [] : [`${column}: ${found?.[`c${at}`]} other values`],
  );
  return [...counts, ...values];
}

/** Compares both by the server and as bytes: neither alone finds every difference. */
function alike({ name, type }: Column): string {
  const [back, aside] = [`back.${id(name)}`, `aside.${id(name)}`];
  const bytes = `SHA2(CAST(${back} AS BINARY), 256) <=> SHA2(CAST(${aside} AS BINARY), 256)`;
  // Only bytes: a server compares geometries by their meaning, and vectors not at all.
  if (/^(?:geometry|point|vector)/.test(type)) return bytes;
  // The value of an enum for an invalid input looks like an empty label.
  const ordinal = type.startsWith("enum") ? ` AND ${back} + 0 <=> ${aside} + 0` : "";
  return `${bytes} AND ${back} <=> ${aside}${ordinal}`;
}
