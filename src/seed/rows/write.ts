/** The statements that write and delete the rows of a story, inside the transaction of that story. */
import { readColumnNames } from "../../catalog/column-names.ts";
import type { Db, Value } from "../../db/db.ts";
import { isConnectionLost, isDuplicateRow, isRefusal } from "../../db/server-errors.ts";
import { MigrateError } from "../../errors.ts";
import { id, idList, placeholders } from "../../sql.ts";
import { identifyingColumns, tableOrder } from "../story/kinds.ts";
import type { BoundRow } from "./bind.ts";
import { readParentColumns } from "./parents.ts";
import { changes } from "./reconcile.ts";
import { formatKey, keyValues, othersReferring, rowsInUse, withIds } from "./references.ts";
import type { RecordedRow, Written } from "./seeded-rows.ts";

/** Number of keys in one statement. */
const AT_ONCE = 500;

/** Runs work in one transaction; the end of the session rolls it back. Throws UNREACHABLE on a lost connection. */
export async function inTransaction<T>(db: Db, what: string, work: () => Promise<T>): Promise<T> {
  await db.run("START TRANSACTION");
  try {
    const result = await work();
    await db.run("COMMIT");
    return result;
  } catch (error) {
    await db.run("ROLLBACK").catch(() => {});
    if (!isConnectionLost(error)) throw error;
    throw new MigrateError("UNREACHABLE", "the connection to the server was lost", {
      where: what,
      found: error.message,
      done: "the last transaction was either committed or rolled back; which one is unknown",
      next: "run the same command again: no row is written twice",
      cause: error,
    });
  }
}

export async function insertRow(db: Db, { label, table }: BoundRow, written: Written): Promise<number | null> {
  const columns = Object.keys(written);
  await withLabel(label, table, () =>
    db.run(`INSERT INTO ${id(table)} ${idList(columns)} VALUES (${placeholders(columns)})`, Object.values(written)),
  );
  if (identifyingColumns(table).length > 1) return null;
  const [row] = await db.rows<{ id: number }>("SELECT LAST_INSERT_ID() AS id");
  return Number(row?.id);
}

/** Updates a row; `label` is its current label. */
export async function updateRow(db: Db, label: string, before: RecordedRow, written: Written): Promise<void> {
  const changed = [...changes(before.written, written)];
  const set = changed.map(([name, value]) => `${id(name)} = ${value === undefined ? `DEFAULT(${id(name)})` : "?"}`);
  const values = changed.flatMap(([, value]) => (value === undefined ? [] : [value]));
  await withLabel(label, before.table, () =>
    db.run(`UPDATE ${id(before.table)} SET ${set.join(", ")} WHERE ${keyCondition(before.table)}`, [
      ...values,
      ...keyValues(before),
    ]),
  );
}

/** The recorded rows that still exist: same id, and their recorded parent or none. */
export async function alive(db: Db, record: readonly RecordedRow[]): Promise<RecordedRow[]> {
  if (record.length === 0) return [];
  const written: RecordedRow[] = [];
  const owners = await readParentColumns(db);
  await inGroups(record, async (table, rows, where, values) => {
    if (!owners.has(table)) return;
    const keys = identifyingColumns(table);
    const owner = owners.of(table);
    const columns = owner === undefined ? keys : [...keys, owner];
    const there = await db.rows<Record<string, unknown>>(
      `SELECT ${columns.map(id).join(", ")} FROM ${id(table)} WHERE ${where}`,
      values,
    );
    const byKey = new Map(there.map((row) => [formatKey(keys.map((key) => row[key])), row]));
    const isOwn = (row: RecordedRow) => {
      const now = byKey.get(formatKey(keyValues(row)));
      if (now === undefined || owner === undefined) return now !== undefined;
      const [parent, given] = [now[owner] ?? null, row.written[owner] ?? null];
      return parent === null || given === null || Number(parent) === Number(given);
    };
    written.push(...rows.filter(isOwn));
  });
  return written;
}

/** Deletes rows, children first. Throws ROWS_IN_USE if other rows refer to them. */
export async function removeRows(db: Db, story: string, rows: readonly RecordedRow[]): Promise<void> {
  const there = await alive(db, rows);
  const inOrder = there.toSorted((a, b) => tableOrder.indexOf(b.table) - tableOrder.indexOf(a.table));
  // No session can add a child of these rows in between: that needs a lock on the parent.
  await inGroups(inOrder, async (table, _, where, values) => {
    await db.rows(`SELECT 1 FROM ${id(table)} WHERE ${where} FOR UPDATE`, values);
  });
  const others = await othersReferring(db, inOrder);
  if (others.length > 0) throw rowsInUse(db, `story ${story}`, others, "nothing was changed");
  await partPrograms(db, inOrder);
  await inGroups(inOrder, async (table, _, where, values) => {
    await db.run(`DELETE FROM ${id(table)} WHERE ${where}`, values);
  });
}

// --- internal ---

/** A program may refer to another program of the story, in any order. After a partial `down` it has no such column. */
async function partPrograms(db: Db, rows: readonly RecordedRow[]): Promise<void> {
  const programs = withIds(rows).filter(({ written }) => written["parentAutoProcProgramId"] !== undefined);
  const tables = programs.length === 0 ? undefined : await readColumnNames(db, ["AutoProcProgram"]);
  if (tables?.get("autoprocprogram")?.has("parentautoprocprogramid") !== true) return;
  for (const { rowId } of programs) {
    await db.run("UPDATE AutoProcProgram SET parentAutoProcProgramId = NULL WHERE autoProcProgramId = ?", [rowId]);
  }
}

type Group = (table: string, rows: readonly RecordedRow[], where: string, values: readonly Value[]) => Promise<void>;

async function inGroups(rows: readonly RecordedRow[], work: Group): Promise<void> {
  for (const [table, all] of Map.groupBy(rows, (row) => row.table)) {
    for (let from = 0; from < all.length; from += AT_ONCE) {
      const some = all.slice(from, from + AT_ONCE);
      const where = some.map(() => `(${keyCondition(table)})`).join(" OR ");
      await work(table, some, where, some.flatMap(keyValues));
    }
  }
}

function keyCondition(table: string): string {
  return identifyingColumns(table)
    .map((key) => `${id(key)} = ?`)
    .join(" AND ");
}

/** Generated labels contain a blank; --use accepts only labels without one. */
function isMadeUp(label: string): boolean {
  return label.includes(" ");
}

/** Adds the label of the row to a refusal of the server. */
async function withLabel(label: string, table: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (isDuplicateRow(error)) {
      throw new MigrateError("CONFLICT", `${label}: ${table} already has a row with the same unique key`, {
        where: table,
        found: error.message,
        done: "no row of this story was written",
        next: isMadeUp(label)
          ? "change the values in the story"
          : `--use ${label}=ID   # uses the existing row; or change the values in the story`,
        cause: error,
      });
    }
    if (!isRefusal(error)) throw error;
    throw new MigrateError("STATEMENT_FAILED", `${label} could not be written`, {
      where: table,
      found: `${error.message} (error ${error.code})`,
      done: "no row of this story was written",
      next: "change the values of this row in the story",
      cause: error,
    });
  }
}
