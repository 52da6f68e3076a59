import type { ConnectionOptions } from "mysql2";
import { createConnection } from "mysql2/promise";
import { whereKnown } from "../dialect/variables.ts";
import { connectFailure } from "./connect-failure.ts";
import type { Db, Target } from "./db.ts";
import { isUnknownVariable } from "./server-errors.ts";
import { SessionConnection } from "./session-connection.ts";
import { sessionStatements } from "./session.ts";
import { tlsOptions } from "./tls.ts";

/** How long a server may take to answer, in milliseconds. */
const CONNECT_TIMEOUT = 10_000;

/**
 * One connection with the session settings of this tool. `role` says in the server's list of
 * connection attributes what it is for.
 *
 * Throws a MigrateError: UNREACHABLE, ACCESS_DENIED, UNKNOWN_DATABASE or CONFIGURATION (TLS).
 */
export async function connect(target: Target, role = "main"): Promise<Db> {
  const tls = tlsOptions(target);
  try {
    const raw = await open(options(target, role, tls), target);
    const db = new SessionConnection(raw, target.database);
    try {
      for (const statement of sessionStatements) await db.run(statement);
      // It may win over an ALGORITHM that is written, and not every MariaDB has it. MySQL skips the comment: an
      // error would take longer. What is set before it only makes a statement.
      const written = whereKnown("alter_algorithm", ", alter_algorithm = 'DEFAULT'");
      await db.run(`SET SESSION unique_checks = 1 ${written}`).catch((error: unknown) => {
        if (!isUnknownVariable(error)) throw error;
      });
      // A proxy greets with an id of its own; KILL and PROCESSLIST know the server's. A server that
      // ignores case has its own spelling of the database, and one name has to mean one database.
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
    throw connectFailure(error, target);
  }
}

/** `preferred` is the one mode that goes on without TLS where the server has none. */
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
    charset: "utf8mb4_unicode_ci",
    connectTimeout: CONNECT_TIMEOUT,
    enableKeepAlive: true,
    keepAliveInitialDelay: 30_000,
    // One statement per packet: after an error in the middle of several, what was done is unknown.
    multipleStatements: false,
    // Numbers beyond 2^53 come as strings instead of being rounded.
    supportBigNumbers: true,
    // Dates as the server writes them, and JSON as text, as MariaDB has it.
    dateStrings: true,
    jsonStrings: true,
    // What it fails with becomes an error of ours, with a stack of its own: no query needs to remember who sent it.
    trace: false,
    timezone: "Z",
    connectAttributes: { program_name: "ispyb-migrate", role },
  };
}
