/** The procedures of a database, as far as an account can see them. */
import { readPrivileges } from "../../access/privileges.ts";
import type { Db } from "../../db/db.ts";
import { serverErrorNamed, unlessRefused } from "../../db/server-errors.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { id, placeholders } from "../../sql.ts";
import { inBytes } from "./in-bytes.ts";

/** A procedure as SHOW CREATE PROCEDURE prints it: everything that is needed to create it again. */
export interface LiveProcedure {
  readonly name: string;
  /** Undefined if this account cannot read it. */
  readonly sql?: string;
  /** The statement in the bytes of `charset`, in hexadecimal, if it is not the same in UTF-8. */
  readonly bytes?: string;
  readonly sqlMode: string;
  /** Collation of the session that created it; its literals have this collation. */
  readonly collation?: string;
  readonly charset?: string;
  /** Collation of the database when it was created: that of parameters and variables that name none. */
  readonly databaseCollation?: string;
  /** The server's digest of the procedure, if this account can read all of it. */
  readonly digest?: string;
}

export interface LiveProcedures {
  /** By name in lower case: names of routines are not case-sensitive. */
  readonly byName: ReadonlyMap<string, LiveProcedure>;
  /** False if other procedures may exist that this account cannot see. */
  readonly complete: boolean;
}

/** The server reports a hidden procedure as missing. */
const isHiddenRoutine = serverErrorNamed(
  "ER_SP_DOES_NOT_EXIST",
  "ER_TABLEACCESS_DENIED_ERROR",
  "ER_DBACCESS_DENIED_ERROR",
  "ER_SPECIFIC_ACCESS_DENIED_ERROR",
);

export async function readProcedures(db: Db, names: readonly string[], dialect: Dialect): Promise<LiveProcedures> {
  const rows = await db.rows<{ name: string; digest: string | null }>(
    "SELECT ROUTINE_NAME AS name, SHA2(CONCAT_WS(' ', QUOTE(ROUTINE_DEFINITION), SQL_MODE, SECURITY_TYPE, DEFINER), 256) AS digest FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() " +
      `AND ROUTINE_TYPE = 'PROCEDURE' AND ROUTINE_NAME IN (${placeholders(names)})`,
    names,
  );
  const byName = new Map<string, LiveProcedure>();
  for (const { name, digest } of rows) {
    byName.set(name.toLowerCase(), { ...(await show(db, name)), ...(digest === null ? {} : { digest }) });
  }
  // If all of them are visible, privileges need not be read.
  return { byName, complete: byName.size === names.length || (await seesAllProcedures(db, dialect)) };
}

/** Leaves the text out, without an error, if the account cannot read it. */
async function show(db: Db, name: string): Promise<LiveProcedure> {
  try {
    const [row] = await db.rows<{
      sql_mode: string;
      collation_connection: string;
      character_set_client: string;
      "Database Collation": string;
      "Create Procedure": string | null;
    }>(`SHOW CREATE PROCEDURE ${id(name)}`);
    const sql = row?.["Create Procedure"];
    const settings = {
      sqlMode: row?.sql_mode ?? "",
      collation: row?.collation_connection ?? "",
      charset: row?.character_set_client ?? "",
      databaseCollation: row?.["Database Collation"] ?? "",
    };
    if (sql === null || sql === undefined) return { name, ...settings };
    return { name, ...settings, ...(await inBytes(db, { name, sql, ...settings })) };
  } catch (error) {
    if (isHiddenRoutine(error)) return { name, sqlMode: "" };
    throw error;
  }
}

/** Both vendors list a routine only to accounts with a privilege on it. */
export async function seesAllProcedures(db: Db, { names }: Dialect): Promise<boolean> {
  const privileges = await readPrivileges(db);
  const enough = ["EXECUTE", "CREATE ROUTINE", "ALTER ROUTINE"];
  if (privileges.missing(enough).length < enough.length) return true;
  const { privilege, on } = names.readAllRoutines;
  return on === "*.*" ? privileges.missing([privilege]).length === 0 : mayRead(db, on);
}

/** Whether this account may SELECT from a table of the schema mysql. */
export async function mayRead(db: Db, table: string): Promise<boolean> {
  return (await unlessRefused(db.rows(`SELECT 1 FROM ${table} LIMIT 0`))) !== undefined;
}
