/** Writes the rows of `seed generate` in other ways, for comparison. */
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Connection, createConnection } from "mysql2/promise";
import { introspect } from "../../src/catalog/introspect.ts";
import { readServer } from "../../src/catalog/server.ts";
import { connect } from "../../src/db/connect.ts";
import type { Db, Target } from "../../src/db/db.ts";
import { idColumn, tableNames } from "../../src/seed/generate/content/tables.ts";
import { targetColumns } from "../../src/seed/generate/target-columns.ts";
import { text } from "../../src/sql.ts";
import { callsOn } from "./calls.ts";

/** The same rows in two forms: for each table a file for LOAD DATA and a file of INSERTs. */
export interface Files {
  readonly tables: readonly {
    readonly table: string;
    /** The number of rows in the table at the end. */
    readonly count: number;
    readonly lines: string;
    readonly load: string;
    readonly inserts: string;
  }[];
  readonly rows: number;
}

const ROWS_AT_ONCE = 1000;
/** Jobs to write by calls, to measure the rate of the procedures. */
const JOBS_BY_CALLS = 200;

/** Writes the files from the rows with ids above those in `before`. */
export async function writeFiles(
  target: Target,
  folder: string,
  before: Readonly<Record<string, number>>,
): Promise<Files> {
  await using db = await connect(target);
  const catalog = await introspect(db, (await readServer(db)).dialect, { tables: tableNames });
  const tables: Files["tables"][number][] = [];
  let rows = 0;
  for (const [table, { columns }] of targetColumns(catalog)) {
    const names = columns.join(", ");
    const [lines, inserts] = [join(folder, `${table}.tsv`), join(folder, `${table}.sql`)];
    const [asLines, asInserts] = [createWriteStream(lines), createWriteStream(inserts)];
    const key = idColumn(table);
    for (let last = before[table] ?? 0; ;) {
      const page = await db.rows<Record<string, string | number | null>>(
        `SELECT ${names} FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ${ROWS_AT_ONCE}`,
        [last],
      );
      if (page.length === 0) break;
      const cells = page.map((row) => columns.map((column) => row[column] ?? null));
      asLines.write(cells.map((row) => `${row.map(asLine).join("\t")}\n`).join(""));
      const values = cells.map((row) => `(${row.map(asLiteral).join(",")})`).join(",");
      if (!asInserts.write(`INSERT INTO ${table} (${names}) VALUES ${values};\n`)) await once(asInserts, "drain");
      rows += page.length;
      last = Number(page.at(-1)?.[key]);
    }
    await Promise.all([asLines, asInserts].map((stream) => once(stream.end(), "finish")));
    tables.push({
      table,
      count: await countOf(db, table),
      lines,
      inserts,
      load: `LOAD DATA LOCAL INFILE ? INTO TABLE ${table} CHARACTER SET utf8mb4 (${names})`,
    });
  }
  return { tables, rows };
}

/** Loads the files, with one statement for each table. */
export function byFiles(target: Target, files: Files): Promise<number> {
  return written(target, files, async (connection) => {
    for (const { lines, load } of files.tables) {
      await connection.query({ sql: load, values: [lines], infileStreamFactory: () => createReadStream(lines) });
    }
  });
}

/** Inserts a thousand rows in each statement, and one table in each transaction. */
export function byInserts(target: Target, files: Files): Promise<number> {
  return written(target, files, async (connection) => {
    for (const { inserts } of files.tables) {
      await connection.beginTransaction();
      for await (const statement of createInterface(createReadStream(inserts))) await connection.query(statement);
      await connection.commit();
    }
  });
}

/** Writes jobs with a parameter, a sweep, a program and three files, by a minimal call for each row. */
export async function byProcedures(target: Target): Promise<number> {
  await using db = await connect(target);
  const call = callsOn(db);
  for (let job = 0; job < JOBS_BY_CALLS; job++) {
    const id = await call("upsert_processing_job", 1, "xia2 dials", null, "autoprocessing-xia2-dials", 1);
    await call("upsert_processing_job_parameter", id, "resolution.cc_half_significance_level", "0.1");
    await call("upsert_processing_job_image_sweep", id, 1, 1, 3600);
    const run = ["xia2 pipeline=dials", "xia2 dials", 1, "processing successful", null, null, null, id, 6, null];
    const program = await call("upsert_processing_program_v2", ...run);
    for (const name of ["scaled.mtz", "xia2.txt", "xia2.html"]) {
      await call("upsert_processing_program_attachment_v2", program, name, "/processed", "Result", 1);
    }
  }
  return JOBS_BY_CALLS * 7;
}

/** Throws if rows are missing: a result is valid only if all of them were written. */
export async function assertComplete(target: Target, { tables }: Files): Promise<void> {
  await using db = await connect(target);
  for (const { count, table } of tables) {
    const there = await countOf(db, table);
    if (there !== count) throw new Error(`${table} has ${there} rows instead of ${count}`);
  }
}

// --- internal ---

async function written(
  target: Target,
  { rows }: Files,
  write: (connection: Connection) => Promise<void>,
): Promise<number> {
  const { database, host, password, port, user } = target;
  const connection = await createConnection({ host, port, user, password: password ?? "", database });
  try {
    await write(connection);
    return rows;
  } finally {
    await connection.end();
  }
}

async function countOf(db: Db, table: string): Promise<number> {
  const [row] = await db.rows<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`);
  return Number(row?.n);
}

function asLine(value: string | number | null): string {
  if (value === null) return String.raw`\N`;
  return String(value).replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

function asLiteral(value: string | number | null): string {
  return value === null ? "NULL" : typeof value === "number" ? String(value) : text(value).replaceAll("\n", "\\n");
}
