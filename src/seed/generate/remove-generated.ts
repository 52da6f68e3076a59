/** Removes generated jobs: ranges of ids, table by table, children first. */
import { plural } from "../../plural.ts";
import type { Db } from "../../db/db.ts";
import { withCircumstances } from "../../db/server-errors.ts";
import { hint } from "../../hint.ts";
import { sameName } from "../../model.ts";
import { type Run, stoppedAsAsked } from "../../run/run.ts";
import { id } from "../../sql.ts";
import { readParentColumns } from "../rows/parents.ts";
import { type Link, linksTo, primaryKey, rowsInUse } from "../rows/references.ts";
import { inTransaction } from "../rows/write.ts";
import { type TableName, idColumn, tableNames } from "./content/tables.ts";
import { type Generated, forgetGenerated, writeGenerated } from "./generated-jobs.ts";

export interface Removing extends Pick<Run, "changes" | "lease" | "signals"> {
  /** Called with the number of checked ids. */
  readonly counted: (rows: number) => void;
}

/** Number of written rows; fewer may exist if some were deleted. */
export function rowsWritten({ progress, ranges }: Generated): number {
  return tableNames.reduce((sum, table) => sum + progress.next[table] - ranges.first[table], 0);
}

/**
 * Returns the number of deleted rows. Throws ROWS_IN_USE if other rows refer to them (before the first deletion, or
 * before the batch concerned if they were inserted meanwhile), errors of the server, and INTERRUPTED: then the same
 * command deletes the rest.
 */
export async function removeGenerated(
  db: Db,
  generated: Generated,
  { changes, counted, lease, signals }: Removing,
): Promise<number> {
  const { name } = generated;
  const tables = await linkedTables(db, generated);
  const others: string[] = [];
  for (const table of tables) others.push(...(await referring(db, table, table, generated)));
  if (others.length > 0) throw rowsInUse(db, name, others, "nothing was changed");

  await writeGenerated(db, { ...generated, state: "removing" });
  changes.begun = true;
  let removed = 0;
  let seen = 0;
  const done = () => `${plural(removed, "row")} of ${name} deleted; the rest remain`;
  const next = [hint("seed", { args: ["remove", name], note: "deletes the rest" })];
  await withCircumstances(
    () => ({ done: done(), next }),
    async () => {
      for (const table of tables) {
        // Highest ids first: a program may refer to one that was written before it.
        for (let { end } = table; end > table.first; end -= AT_ONCE) {
          lease.check();
          if (signals.stop.aborted)
            throw stoppedAsAsked({ found: done(), done: "the current transaction was finished", next });
          const part = { first: Math.max(table.first, end - AT_ONCE), end };
          removed += await inTransaction(db, name, () => removePart(db, table, part, generated, done));
          counted((seen += part.end - part.first));
        }
      }
    },
  );
  await forgetGenerated(db, name);
  return removed;
}

// --- internal ---

/** Number of ids in one transaction. */
const AT_ONCE = 10_000;

/** Ids from `first` to before `end`. */
interface Range {
  readonly first: number;
  readonly end: number;
}

interface LinkedTable extends Range {
  readonly table: TableName;
  readonly links: readonly (Link & { readonly key: string | undefined })[];
  /** The column that refers to the parent, and the run's own ids in it. */
  readonly owner?: Range & { readonly column: string };
}

/** Existing tables with generated rows, children first. A table that `down` dropped has no rows left. */
async function linkedTables(db: Db, generated: Generated): Promise<LinkedTable[]> {
  const owners = await readParentColumns(db);
  const tables: LinkedTable[] = [];
  for (const table of tableNames.toReversed()) {
    const range = rangeOf(generated, table);
    if (range.first === range.end || !owners.has(table)) continue;
    const links: LinkedTable["links"][number][] = [];
    for (const link of await linksTo(db, table, idColumn(table)))
      links.push({ ...link, key: await primaryKey(db, link) });
    const column = owners.of(table);
    const parent = tableNames.find((each) => idColumn(each) === column);
    const owner =
      column === undefined || parent === undefined ? {} : { owner: { column, ...rangeOf(generated, parent) } };
    tables.push({ table, ...range, links, ...owner });
  }
  return tables;
}

function rangeOf({ progress, ranges }: Generated, table: TableName): Range {
  return { first: ranges.first[table], end: progress.next[table] };
}

/** No session can add a child of these rows in between: that needs a lock on the parent. */
async function removePart(
  db: Db,
  table: LinkedTable,
  { end, first }: Range,
  generated: Generated,
  done: () => string,
): Promise<number> {
  const key = id(idColumn(table.table));
  const range = `${id(table.table)} WHERE ${key} >= ? AND ${key} < ?`;
  if (table.links.length > 0) await db.rows(`SELECT COUNT(*) FROM ${range} FOR UPDATE`, [first, end]);
  const others = await referring(db, table, { first, end }, generated, "LOCK IN SHARE MODE");
  if (others.length > 0) throw rowsInUse(db, generated.name, others, done());
  // A new row with a reused id has another parent. A row that lost its parent still belongs to the run.
  const { owner } = table;
  const own =
    owner === undefined
      ? ""
      : ` AND (${id(owner.column)} IS NULL OR (${id(owner.column)} >= ? AND ${id(owner.column)} < ?))`;
  const values = [first, end, ...(owner === undefined ? [] : [owner.first, owner.end])];
  return (await db.run(`DELETE FROM ${range}${own} ORDER BY ${key} DESC`, values)).affectedRows;
}

/** A line for each column that refers to one of them. The locking read sees current rows. */
async function referring(
  db: Db,
  { links, table }: LinkedTable,
  { end, first }: Range,
  generated: Generated,
  lock = "",
): Promise<string[]> {
  const inUse: string[] = [];
  for (const { column, key, schema, table: from } of links) {
    const own = tableNames.find((each) => schema === db.database && sameName(each, from));
    const apart = own === undefined ? "" : ` AND NOT (${id(idColumn(own))} >= ? AND ${id(idColumn(own))} < ?)`;
    const range = own === undefined ? undefined : rangeOf(generated, own);
    const [row] = await db.rows<{ parent: number; example: number | string | null }>(
      `SELECT ${id(column)} AS parent, ${key === undefined ? "NULL" : id(key)} AS example ` +
        `FROM ${id(schema)}.${id(from)} WHERE ${id(column)} >= ? AND ${id(column)} < ?${apart} LIMIT 1 ${lock}`,
      [first, end, ...(range === undefined ? [] : [range.first, range.end])],
    );
    if (row === undefined) continue;
    const spelled = schema === db.database ? from : `${schema}.${from}`;
    const child = key === undefined ? `a row of ${spelled}` : `${spelled} ${row.example}`;
    inUse.push(`${child} refers to ${table} ${row.parent} (${column})`);
  }
  return inUse;
}
