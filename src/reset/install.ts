/** The schema `ispyb_sandbox`: its tables, its procedures, and the locked account that they run as. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { readServer } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { ownResetProcedures } from "../own-files.ts";
import { id, text } from "../sql.ts";
import { withSession } from "./session.ts";
import { schemaChanges } from "./schema-changes.ts";
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

/** SQL: the caller may reset a database `r` of `registered`. A host may contain no @, a user name may. */
const isOwn = (() => {
  const caller =
    "CONVERT(LEFT(USER(), CHAR_LENGTH(USER()) - LOCATE('@', REVERSE(USER()))) USING utf8mb4) COLLATE utf8mb4_bin";
  return `(r.account = ${caller} OR EXISTS (SELECT 1 FROM ${SCHEMA}.administrator a WHERE a.name = ${caller}))`;
})();

/** SQL: the table `v_table` of the database `p_name`, as a statement names it. */
const qualifiedTable = "CONCAT('`', REPLACE(p_name, '`', '``'), '`.`', REPLACE(v_table, '`', '``'), '`')";

/** The account of every procedure. It is locked: no client can connect with it. */
export const DEFINER = `'${SCHEMA}'@'localhost'`;

/** What an account may call. */
const callable = ["reset", "reset_all", "check"] as const;

const routines: readonly string[] = [
  "own_database",
  "fail",
  "look",
  "look_at_tables",
  "look_at_updates",
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
  "uncover",
  "spare_empty",
  "fill",
  "replace_triggers",
  "ask_triggers",
  "ask_altered",
  "remember_altered",
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
    const places = await placesFor(db, dialect, remedy);
    const [row] = await db.rows<{ name: string }>("SELECT USER() AS name");
    const caller = String(row?.name).replace(/@[^@]*$/, "");
    await db.run(`INSERT IGNORE INTO ${SCHEMA}.administrator (name) VALUES (?)`, [caller]);
    for (const name of routines) {
      const sql = routineSql(name, places);
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

/** What stands for a `{{place}}` of sql/ on this server. */
async function placesFor(db: Db, dialect: Dialect, remedy: Remedy): Promise<Readonly<Record<string, string>>> {
  const { names, can } = dialect;
  return {
    ...settingsSql(dialect),
    remedy: remedies[remedy],
    tableStatistics: names.tableStatistics,
    forgottenChanges: names.forgottenChanges,
    getDiagnostics: names.getDiagnostics,
    indexIds: names.indexIds,
    schemaChanges: await schemaChanges(db, dialect),
    isOwn,
    table: qualifiedTable,
    changesOfStatement: names.changesOfStatement,
    openTransactions,
    checksView: names.checksView,
    shortestLockWait: names.shortestLockWait,
    changeLock: `'${SCHEMA} changes'`,
    viewChange: names.viewChange,
    viewsTellAlgorithm: can.showViewAlgorithm ? "TRUE" : "FALSE",
    preparesEverything: can.prepareReplaceProcedure ? "TRUE" : "FALSE",
  };
}

/** The routine of sql/NAME.sql. */
function routineSql(name: string, places: Readonly<Record<string, string>>): string {
  const file = readFileSync(new URL(`${name}.sql`, ownResetProcedures), "utf8");
  return file
    .slice(file.search(/^CREATE /m))
    .trimEnd()
    .replace(/;$/, "")
    .replace(/^CREATE /, `CREATE DEFINER=${DEFINER} `)
    .replaceAll(/\{\{(\w+)\}\}/g, (_, place: string) => {
      const sql = places[place];
      if (sql === undefined) throw new Error(`${name}.sql has an unknown place ${place}`);
      return sql;
    });
}
