/**
 * Limits of a table that a run would meet half-way: 64 keys, and rows that fit half a page. The other limits are met by
 * asking the server.
 */
import { beginsWith } from "../catalog/compare.ts";
import type { Db } from "../db/db.ts";
import { columnDefinition, withoutInherited } from "../dialect/render.ts";
import { bytesInRow, longestRow, rowLimit } from "../dialect/row-size.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { MigrateError } from "../errors.ts";
import { withNote } from "../hint.ts";
import { type Column, type Index, type Table, findTable, sameName } from "../model.ts";
import { absentSteps } from "../plan/plan.ts";
import { id } from "../sql.ts";
import type { Subject } from "./check.ts";
import { copying } from "../steps/script-of-statement.ts";

const MOST_KEYS = 64;

/** Throws CONFLICT if a table would have too many keys, or rows that are too long. */
export async function assertWithinLimits(db: Db, subject: Subject): Promise<void> {
  const { plan, retry } = subject;
  const altered = absentSteps(plan.migrations).flatMap(({ statement }) => statement?.locks.slice(0, 1) ?? []);
  const tables = [...new Set(altered)].flatMap((name) => {
    const [now, after] = [findTable(plan.catalog, name), findTable(plan.context.catalog, name)];
    return now === undefined || after === undefined ? [] : [{ now, after }];
  });
  const full = tables.find(({ now, after }) => after.indexes.length > Math.max(MOST_KEYS, now.indexes.length));
  if (full !== undefined) {
    const tooMany = full.after.indexes.length - MOST_KEYS;
    throw new MigrateError("CONFLICT", `${full.now.name} would have ${full.after.indexes.length} keys`, {
      where: `${db.database}.${full.now.name}`,
      found: `${full.now.indexes.length} keys, and ${full.after.indexes.length - full.now.indexes.length} to add`,
      wanted: `at most ${MOST_KEYS}: a server takes no more`,
      done: "nothing was changed",
      next: [...keysToDrop(full.now, tooMany), withNote(retry, "afterwards")],
    });
  }
  const limit = await readRowLimit(db);
  if (limit === undefined) return;
  const { dialect } = plan.server;
  for (const { now, after } of tables.filter((each) => each.now.compressed !== true)) {
    const bytes = longestRow(after.columns, dialect);
    if (bytes <= limit || after.columns.length === now.columns.length) continue;
    throw new MigrateError("CONFLICT", `rows of ${now.name} could be too long for a page with the new columns`, {
      where: `${db.database}.${now.name}`,
      found: `rows of up to ${bytes} bytes; of a long text, only the part that is kept in the row counts`,
      wanted: `at most ${limit}`,
      done: "nothing was changed",
      next: [...textsToMove(now, bytes - limit, dialect), withNote(retry, "afterwards")],
    });
  }
}

// --- internal ---

/** Undefined where the server only warns. */
async function readRowLimit(db: Db): Promise<number | undefined> {
  const [row] = await db.rows<{ strict: number; page: number | string }>(
    "SELECT @@SESSION.innodb_strict_mode AS strict, @@GLOBAL.innodb_page_size AS page",
  );
  return Number(row?.strict) === 0 ? undefined : rowLimit(Number(row?.page));
}

/** Statements that drop so many keys: first those that the beginning of another key replaces. */
function keysToDrop(table: Table, many: number): string[] {
  const free = table.indexes.filter((index) => index.kind === "plain" && !servesForeignKey(table, index));
  const isReplaced = (index: Index) => table.indexes.some((other) => other !== index && beginsWith(other, index));
  const ordered = [...free.filter(isReplaced), ...free.filter((index) => !isReplaced(index)).toReversed()];
  const drops = ordered
    .slice(0, many)
    .map(({ name }) => `ALTER TABLE ${id(table.name)} DROP INDEX ${id(name)};   -- or another key that no query needs`);
  return drops.length === many ? drops : [`drop ${many} keys of ${table.name} that no query needs`];
}

function servesForeignKey({ foreignKeys }: Table, { parts }: Index): boolean {
  return foreignKeys.some(({ columns }) => sameName(columns[0] ?? "", parts[0]?.column ?? ""));
}

/** Statements that make texts of enough columns, so that they no longer count; the newest columns first. */
function textsToMove(table: Table, bytes: number, dialect: Dialect): string[] {
  const keyed = new Set(table.indexes.flatMap(({ parts }) => parts.map(({ column }) => column.toLowerCase())));
  const movable = table.columns
    .toReversed()
    .filter((column) => isMovable(column) && !keyed.has(column.name.toLowerCase()));
  const moved: string[] = [];
  let left = bytes;
  for (const column of movable) {
    const text = { ...column, type: "text" };
    const saved = bytesInRow(column, dialect) - bytesInRow(text, dialect);
    if (left <= 0 || saved <= 0) continue;
    left -= saved;
    const definition = columnDefinition(withoutInherited(text, table));
    moved.push(copying(`ALTER TABLE ${id(table.name)} MODIFY COLUMN ${definition}`));
  }
  return left <= 0 ? moved : [`change long columns of ${table.name} to shorter ones, or move them to another table`];
}

/** Not every server takes a default for a text. */
function isMovable({ type, default: initial = "NULL", generated }: Column): boolean {
  return type.startsWith("varchar(") && initial === "NULL" && generated === undefined;
}
