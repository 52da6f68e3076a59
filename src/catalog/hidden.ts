/** What decides about changes of columns and is in no view that an account with SELECT may read. */
import type { Db } from "../db/db.ts";
import { serverErrorNamed } from "../db/server-errors.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { fileName } from "../dialect/file-name.ts";
import { type Catalog, type Online, findColumn, findTable, withTable } from "../model.ts";
import { text } from "../sql.ts";

/** By table: what the server needs to add or drop a column, where that is more than the catalog shows. */
export type Needs = ReadonlyMap<string, Online>;

const isNotAllowed = serverErrorNamed("ER_SPECIFIC_ACCESS_DENIED_ERROR");

/** The needs of these tables as an account with PROCESS sees them; undefined without PROCESS. */
export async function readNeeds(
  db: Db,
  catalog: Catalog,
  { can, names }: Dialect,
  tables: readonly string[],
): Promise<Needs | undefined> {
  // A column FTS_DOC_ID of the facility's own is no obstacle (measured).
  const asked = tables
    .flatMap((name) => findTable(catalog, name) ?? [])
    .filter((each) => !findColumn(each, "FTS_DOC_ID"));
  if (asked.length === 0) return new Map();
  const files = asked.map(({ name }) => `${fileName(db.database)}/${fileName(name)}`);
  try {
    const rows = await db.rows<{ file_name: string }>(names.hiddenFromCatalog(files.map(text).join(", ")));
    const rebuilt = new Set(rows.map((row) => row.file_name));
    return new Map(asked.filter((_, at) => rebuilt.has(files[at] ?? "")).map(({ name }) => [name, can.rebuild]));
  } catch (error) {
    if (isNotAllowed(error)) return undefined;
    throw error;
  }
}

/** The catalog with what these tables need. */
export function withNeeds(catalog: Catalog, needs: Needs): Catalog {
  return [...needs].reduce((changed, [name, columnChanges]) => {
    const table = findTable(changed, name);
    return table === undefined ? changed : withTable(changed, { ...table, columnChanges });
  }, catalog);
}
