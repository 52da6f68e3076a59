import { readFile } from "node:fs/promises";
import type { Db } from "../db/db.ts";
import { SQL_MODE } from "../db/session.ts";
import { statements } from "../db/split-script.ts";
import { MigrateError } from "../errors.ts";
import { ownBases } from "../own-files.ts";
import { text } from "../sql.ts";

/** The parent schemas that a sandbox can start from; one file each in migrations/base/. */
export type Base = "official" | "diamond";

/** The statements of a base, in order. */
export async function readBase(base: Base): Promise<string[]> {
  const file = await readFile(new URL(`${base}.sql`, ownBases), "utf8");
  return statements(file).map(({ sql }) => sql);
}

/** Loads a base into the empty database of this connection. */
export async function loadBase(db: Db, base: Base): Promise<void> {
  const [row] = await db.rows<{ tables: number }>(
    "SELECT COUNT(*) AS tables FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()",
  );
  if (Number(row?.tables) > 0) {
    throw new MigrateError("CONFLICT", "a base is only loaded into an empty database", {
      where: db.database,
      found: `${row?.tables} tables or views`,
      next: "name a database that does not exist yet",
    });
  }
  // The real schema has a zero date as a default, and what we load is to be as the real one is.
  await db.run("SET SESSION sql_mode = ''");
  try {
    for (const statement of await readBase(base)) await db.run(statement);
  } finally {
    await db.run(`SET SESSION sql_mode = ${text(SQL_MODE)}`);
  }
}
