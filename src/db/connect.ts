import type { ConnectionOptions } from "mysql2";
import { type RowDataPacket, createConnection } from "mysql2/promise";
import { MigrateError } from "../errors.ts";
import { connectFailure } from "./connect-failure.ts";
import type { Db, Target } from "./db.ts";
import { withoutPublicKey } from "./public-key.ts";
import { isDatabaseDenied } from "./server-errors.ts";
import { SessionConnection, toServerError } from "./session-connection.ts";
import { tlsOptions } from "./tls.ts";
import { statementsForUnusedRoles } from "./unused-roles.ts";

/** Milliseconds to wait for the server's first answer. */
const CONNECT_TIMEOUT = 10_000;

/**
 * One connection with the session settings of this tool. The server shows `role` among the session's
 * connection attributes.
 *
 * Throws a MigrateError: UNREACHABLE, ACCESS_DENIED, UNKNOWN_DATABASE or CONFIGURATION (TLS).
 */
export async function connect(target: Target, role = "main"): Promise<Db> {
  const tls = tlsOptions(target);
  try {
    const raw = await open(options(target, role, tls), target);
    const db = new SessionConnection(raw, target.database);
    try {
      await db.prepare();
      // A proxy greets with its own connection id, but KILL and PROCESSLIST use the server's. A server that ignores
      // case has its own spelling of the database name, and one database must have one name.
      const [row] = await db.rows<{ id: number; name: string | null }>(
        "SELECT CONNECTION_ID() AS id, DATABASE() AS name",
      );
      db.connectionId = Number(row?.id);
      db.database = row?.name ?? target.database;
      return db;
    } catch (error) {
      db.destroy();
      throw error;
    }
  } catch (error) {
    throw connectFailure(error, target, isDenied(error) ? await unusedRoles(target, role, tls) : []);
  }
}

/** What would make an account use the roles by which it may use the database; nothing if it cannot log in at all. */
async function unusedRoles(target: Target, role: string, tls: ConnectionOptions["ssl"]): Promise<string[]> {
  const { database: _, ...wanted } = options(target, role, tls);
  const raw = await open(wanted, target).catch(() => undefined);
  if (raw === undefined) return [];
  try {
    return await statementsForUnusedRoles(async (sql) => {
      const [rows] = await raw.query<RowDataPacket[]>(sql).catch((error: unknown) => {
        throw toServerError(error, sql);
      });
      return rows;
    });
  } finally {
    raw.destroy();
  }
}

function isDenied(error: unknown): boolean {
  return !(error instanceof MigrateError) && isDatabaseDenied(toServerError(error));
}

/** Opens the connection. Only mode `preferred` falls back to no TLS, if the server has none. */
async function open(wanted: ConnectionOptions, target: Target) {
  try {
    return await createConnection(wanted);
  } catch (error) {
    const withoutTls = (error as { code?: unknown }).code === "HANDSHAKE_NO_SSL_SUPPORT";
    if (!withoutTls || target.tls.mode !== "preferred") throw error;
    const { ssl: _, ...plain } = wanted;
    return createConnection(plain);
  }
}

function options(target: Target, role: string, ssl: ConnectionOptions["ssl"]): ConnectionOptions {
  return {
    ...(target.socket === undefined ? { host: target.host, port: target.port } : { socketPath: target.socket }),
    user: target.user,
    ...(target.password === undefined ? {} : { password: target.password }),
    database: target.database,
    ...(ssl === undefined ? {} : { ssl }),
    ...(target.getServerPublicKey === true ? {} : { authPlugins: withoutPublicKey }),
    charset: "utf8mb4_unicode_ci",
    connectTimeout: CONNECT_TIMEOUT,
    enableKeepAlive: true,
    keepAliveInitialDelay: 30_000,
    // One statement per packet: after an error in the middle of several, the outcome would be unknown.
    multipleStatements: false,
    // Numbers above 2^53 come as strings instead of rounded numbers.
    supportBigNumbers: true,
    // Dates as the server prints them, and JSON as text, as on MariaDB.
    dateStrings: true,
    jsonStrings: true,
    // Driver errors are converted to our own errors, which have their own stack.
    trace: false,
    timezone: "Z",
    connectAttributes: { program_name: "ispyb-migrate", role },
  };
}
