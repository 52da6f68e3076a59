/**
 * SchemaStatus, the facility's own list of schema updates. It gets a row DONE for each of our migrations, and for each
 * upstream script with its whole effect in place. Scripts that look for missed updates then do not list them. We write
 * these rows, but never rely on them.
 */
import { formatObject } from "../catalog/difference.ts";
import type { Db } from "../db/db.ts";
import { type Column, type Table, findTable, sameName } from "../model.ts";
import { text } from "../sql.ts";
import { type Recorded, parsePrevious } from "../state/previous.ts";
import { nameOf, objectOf } from "../state/repeatable-names.ts";
import type { MigrationRef, RepeatableContext } from "./context.ts";
import type { Live, Repeatable, RepeatableUndo } from "./repeatable.ts";

const DONE = "DONE";

export async function inspectSchemaStatus(db: Db, context: RepeatableContext): Promise<Repeatable[]> {
  const { catalog } = context;
  const table = findTable(catalog, "SchemaStatus");
  if (table === undefined) return [];
  if (!isUsable(table)) return [];
  const rows = await db.rows<Row>(
    "SELECT scriptName AS name, schemaStatus AS status FROM SchemaStatus WHERE scriptName IS NOT NULL",
  );
  return claims(context).map((script) => ({
    name: nameOf("SchemaStatus", script),
    kind: "SchemaStatus",
    title: `row of SchemaStatus for ${script}`,
    checksum: DONE,
    live: compareRow(script, rows),
  }));
}

/** Undoes exactly what was written. */
export function undoSchemaStatus(entry: Recorded): RepeatableUndo {
  const script = objectOf(entry.migration);
  const before = parsePrevious<{ readonly name: string; readonly status: string }>(entry);
  const ours = (name: string) => `WHERE scriptName = ${text(name)} AND schemaStatus = '${DONE}'`;
  if (before.name === undefined)
    return { statements: [{ sql: `DELETE FROM SchemaStatus ${ours(script)}`, locks: [] }] };
  const status = before.status === undefined ? "NULL" : text(before.status);
  return {
    statements: [{ sql: `UPDATE SchemaStatus SET schemaStatus = ${status} ${ours(before.name)}`, locks: [] }],
  };
}

/** The migrations that a row stands for: it is deleted when one of them is undone. */
export function migrationsOf(name: string, migrations: readonly MigrationRef[]): string[] {
  const script = objectOf(name);
  return migrations
    .filter((migration) => migration.name === script || migration.upstream.includes(script))
    .map((migration) => migration.name);
}

// --- internal ---

/** A table of another shape, or with more required columns, is not the SchemaStatus of ISPyB. */
function isUsable({ columns }: Table): boolean {
  const own = ["scriptName", "schemaStatus"];
  const isOwn = (column: Column) => own.some((name) => sameName(name, column.name));
  const isFilled = ({ nullable, default: value, autoIncrement }: Column) =>
    nullable || value !== undefined || autoIncrement === true;
  return columns.filter(isOwn).length === own.length && columns.every((column) => isOwn(column) || isFilled(column));
}

interface Row {
  readonly name: string;
  readonly status: string | null;
}

/** The scripts of which every migration is applied. */
function claims({ migrations, applied }: RepeatableContext): string[] {
  const scripts = [...new Set(migrations.flatMap(({ name, upstream }) => [name, ...upstream]))];
  return scripts.filter((script) =>
    migrationsOf(nameOf("SchemaStatus", script), migrations).every((name) => applied.has(name)),
  );
}

function compareRow(script: string, rows: readonly Row[]): Live {
  const own = rows.filter((row) => canonical(row.name) === canonical(script));
  if (own.some(({ status }) => status?.trim().toUpperCase() === DONE)) return { state: "present" };
  const [row] = own;
  const difference = { part: "row", object: `SchemaStatus ${script}` } as const;
  if (row === undefined) {
    // A script of plan --sql may be cut off and run again.
    const sql =
      `INSERT INTO SchemaStatus (scriptName, schemaStatus) VALUES (${text(script)}, '${DONE}') ` +
      `ON DUPLICATE KEY UPDATE schemaStatus = '${DONE}'`;
    return {
      state: "absent",
      differences: [{ ...difference, aspect: "existence", expected: formatObject(difference) }],
      change: { statements: [{ sql, locks: [] }], before: {}, shown: { from: "", to: sql }, needs: [] },
    };
  }
  const sql = `UPDATE SchemaStatus SET schemaStatus = '${DONE}' WHERE scriptName = ${text(row.name)}`;
  const before = { name: row.name, ...(row.status === null ? {} : { status: row.status }) };
  return {
    state: "different",
    differences: [{ ...difference, aspect: "status", expected: DONE, found: row.status ?? "NULL" }],
    change: { statements: [{ sql, locks: [] }], before, shown: { from: "", to: sql }, needs: [] },
  };
}

/** Names in the table are untidy: trailing blanks, different case. */
function canonical(name: string): string {
  return name.trim().toLowerCase();
}
