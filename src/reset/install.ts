/** The schema `ispyb_sandbox`: its tables, its procedures, and the locked account that they run as. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { readServer } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { ownResetProcedures } from "../own-files.ts";
import { id, text } from "../sql.ts";
import { withSession } from "./session.ts";
import { settingsSql } from "./settings.ts";
import { SCHEMA, tables } from "./tables.ts";

/** The command that restores what no procedure can. */
export type Remedy = "sandbox reset" | "provision";

/** Its words, as SQL. */
const remedies: Readonly<Record<Remedy, string>> = {
  "sandbox reset": "CONCAT('sandbox reset ', LEFT(p_name, 64))",
  provision: "'provision, as the first time'",
};

/** SQL: sessions `p` with a transaction that is open in the database `p_name`: those that use it, or that its account opened. */
const openTransactions = `information_schema.INNODB_TRX t
    JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id
    JOIN ${SCHEMA}.registered r ON r.name = p_name
    WHERE p.ID <> CONNECTION_ID()
      AND (CONVERT(p.DB USING utf8mb4) COLLATE utf8mb4_bin = r.name
        OR CONVERT(p.USER USING utf8mb4) COLLATE utf8mb4_bin = r.account)`;

/** The account of every procedure. It is locked: no client can connect with it. */
export const DEFINER = `'${SCHEMA}'@'localhost'`;

/** What an account may call. */
const callable = ["reset", "reset_all", "check"] as const;

const routines: readonly string[] = [
  "is_own",
  "own_database",
  "fail",
  "look",
  "look_at_tables",
  "look_at_definitions",
  "read_changes",
  "begin_change",
  "end_change",
  "release_change_lock",
  "execute_statement",
  "execute_change",
  "create_object",
  "remember",
  "require_preparable",
  "end_transactions",
  "restore_definitions",
  "spare_empty",
  "fill",
  "replace_triggers",
  "restore_rows",
  "write_baseline",
  "take_baseline",
  "restore_database",
  "reset",
  "reset_all",
  "look_at_details",
  "check",
];

/**
 * Creates the schema, or replaces its procedures by those of this version; tables and their rows stay. The account of
 * `db` must be an administrator; it may reset every database from then on.
 */
export async function installReset(db: Db, remedy: Remedy = "sandbox reset"): Promise<void> {
  const { dialect } = await readServer(db);
  await withSession(db, async () => {
    await db.run(`CREATE DATABASE IF NOT EXISTS ${SCHEMA} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
    for (const table of tables) await db.run(table);
    await createDefiner(db, dialect);
    const [row] = await db.rows<{ name: string }>("SELECT USER() AS name");
    const caller = String(row?.name).replace(/@[^@]*$/, "");
    await db.run(`INSERT IGNORE INTO ${SCHEMA}.administrator (name) VALUES (?)`, [caller]);
    for (const name of routines) {
      const sql = routineSql(name, dialect, remedy);
      const kind = /^CREATE DEFINER=\S+ (PROCEDURE|FUNCTION)/.exec(sql)?.[1];
      await db.run(`DROP ${kind} IF EXISTS ${SCHEMA}.${id(name)}`);
      await db.run(sql);
    }
    // Some servers drop the grants of a routine with it.
    const accounts = await db.rows<{ account: string; host: string }>(
      `SELECT DISTINCT account, host FROM ${SCHEMA}.registered`,
    );
    for (const { account, host } of accounts) await grantCalls(db, `${text(account)}@${text(host)}`);
  });
}

/** Lets an account call what is meant for it. */
export async function grantCalls(db: Db, grantee: string): Promise<void> {
  for (const name of callable) await db.run(`GRANT EXECUTE ON PROCEDURE ${SCHEMA}.${id(name)} TO ${grantee}`);
}

/** A database name in a GRANT, where `_` and `%` would stand for any character. */
export function grantPattern(database: string): string {
  return id(database.replace(/[\\_%]/g, "\\$&"));
}

// --- internal ---

/**
 * PROCESS reads InnoDB's numbers and open transactions; the right to end sessions is for transactions that were left
 * open. Rights on a database come when it is made.
 */
async function createDefiner(db: Db, { names, can }: Dialect): Promise<void> {
  const password = randomBytes(24).toString("base64url");
  await db.run(`CREATE USER IF NOT EXISTS ${DEFINER} IDENTIFIED BY ${text(`Aa1!${password}`)} ACCOUNT LOCK`);
  await db.run(`GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON ${grantPattern(SCHEMA)}.* TO ${DEFINER}`);
  const global = [
    "PROCESS",
    names.connectionAdmin,
    ...(can.restrictedSessionVariables ? ["SESSION_VARIABLES_ADMIN"] : []),
  ];
  await db.run(`GRANT ${global.join(", ")} ON *.* TO ${DEFINER}`);
}

/** The routine of sql/NAME.sql for this server. */
function routineSql(name: string, dialect: Dialect, remedy: Remedy): string {
  const file = readFileSync(new URL(`${name}.sql`, ownResetProcedures), "utf8");
  const places: Readonly<Record<string, string>> = {
    ...settingsSql(dialect),
    remedy: remedies[remedy],
    tableStatistics: dialect.names.tableStatistics,
    forgottenChanges: dialect.names.forgottenChanges,
    getDiagnostics: dialect.names.getDiagnostics,
    indexIds: dialect.names.indexIds,
    schemaChanges: dialect.names.schemaChanges,
    changesOfStatement: dialect.names.changesOfStatement,
    openTransactions,
    checksView: dialect.names.checksView,
    shortestLockWait: dialect.names.shortestLockWait,
    changeLock: `'${SCHEMA} changes'`,
    viewChange: dialect.names.viewChange,
    viewsTellAlgorithm: dialect.can.showViewAlgorithm ? "TRUE" : "FALSE",
    preparesEverything: dialect.can.prepareReplaceProcedure ? "TRUE" : "FALSE",
  };
  return file
    .slice(file.indexOf("CREATE "))
    .trimEnd()
    .replace(/;$/, "")
    .replace(/^CREATE /, `CREATE DEFINER=${DEFINER} `)
    .replaceAll(/\{\{(\w+)\}\}/g, (_, place: string) => {
      const sql = places[place];
      if (sql === undefined) throw new Error(`${name}.sql has an unknown place ${place}`);
      return sql;
    });
}
