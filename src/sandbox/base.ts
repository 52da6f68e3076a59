import { readFile } from "node:fs/promises";
import type { Db } from "../db/db.ts";
import { SQL_MODE } from "../db/session.ts";
import { statements } from "../db/split-script.ts";
import { MigrateError } from "../errors.ts";
import { ownBases } from "../own-files.ts";
import { plural } from "../plural.ts";
import { text } from "../sql.ts";

/** The base schemas for a sandbox, one file each in migrations/base/. */
export type Base = "official" | "diamond";

/** The statements of a base, in order. */
export async function readBase(base: Base): Promise<string[]> {
  const file = await readFile(new URL(`${base}.sql`, ownBases), "utf8");
  return statements(file).map(({ sql }) => sql);
}

/** Loads a base into the connection's database, which must be empty. Throws CONFLICT if it is not. */
export async function loadBase(db: Db, base: Base): Promise<void> {
  const [row] = await db.rows<{ tables: number }>(
    "SELECT COUNT(*) AS tables FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()",
  );
  if (Number(row?.tables) > 0) {
    throw new MigrateError("CONFLICT", `database ${db.database} is not empty: a base schema needs an empty one`, {
      where: db.database,
      found: `${plural(Number(row?.tables), "object")} (tables and views)`,
      next: "use a new, empty database",
    });
  }
  // The real schema has a zero date as a default, which a strict sql_mode would refuse.
  await db.run("SET SESSION sql_mode = ''");
  try {
    for (const statement of await readBase(base)) await db.run(statement);
  } finally {
    await db.run(`SET SESSION sql_mode = ${text(SQL_MODE)}`);
  }
}
