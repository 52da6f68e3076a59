import { existsSync } from "node:fs";
import { type Details, type ErrorCode, MigrateError } from "../errors.ts";
import { id } from "../sql.ts";
import { clientCommand, shellWord } from "./client-command.ts";
import { type Target, describeTarget } from "./db.ts";
import { redact } from "./redact.ts";
import {
  ServerError,
  isAccessDenied,
  isNodeNotReady,
  isTooManyConnections,
  isUnknownDatabase,
} from "./server-errors.ts";
import { toServerError } from "./session-connection.ts";

interface Failure {
  readonly code?: string;
  readonly errno?: number;
  readonly message?: string;
}

/** Why connecting failed, in words for the person who has to do something about it. Never the password. */
export function connectFailure(error: unknown, target: Target): MigrateError {
  if (error instanceof MigrateError) return error;
  const failure = error as Failure;
  const plugin = /using unknown plugin (\S+?)\. /.exec(failure.message ?? "")?.[1];
  if (plugin !== undefined) return unsupportedPlugin(plugin, target);
  if (failure.code === "MYSQL_CLEAR_PASSWORD_NOT_ENABLED") return unsupportedPlugin("mysql_clear_password", target);
  if (failure.code === "HANDSHAKE_NO_SSL_SUPPORT") return noTls(target);
  if (failure.code === "HANDSHAKE_SSL_ERROR" || isTlsError(failure)) return tlsRefused(failure, target);

  const server = error instanceof ServerError ? error : toServerError(error);
  const fail = (code: ErrorCode, what: string, details: Details) =>
    new MigrateError(code, what, {
      where: describeTarget(target),
      done: "nothing was changed",
      ...details,
      cause: server,
    });

  const { code: number, message: answer } = server;
  if (number === 3159) return plaintextRefused(target, server);
  if (number === 1044 || isUnknownDatabase(server)) {
    return fail("UNKNOWN_DATABASE", `there is no database ${target.database} that this account may see`, {
      found: answer,
      next: [
        `list what the account sees: ${clientCommand(target, "SHOW DATABASES", "")}`,
        `or allow it, as an administrator: GRANT SELECT ON ${id(target.database)}.* TO the account`,
      ],
    });
  }
  if (number === 1698) {
    return fail("ACCESS_DENIED", "this account logs in without a password, by another way", {
      found: answer,
      wanted: "on most distributions: the operating system's account of the same name, over the unix socket",
      next: "name the socket with --socket, as that account; or use another database account",
    });
  }
  if (isAccessDenied(server)) {
    return fail("ACCESS_DENIED", "the server refuses this account or password", {
      found: answer,
      next: [
        ...(target.password === undefined
          ? ["give the password in ~/.my.cnf ([client] password=…), in MYSQL_PWD, or at the prompt of a terminal"]
          : []),
        `try the same with the stock client: ${clientCommand(target, "SELECT CURRENT_USER()")}`,
      ],
    });
  }
  if (isNodeNotReady(server)) {
    return fail("UNREACHABLE", "this node of the cluster takes no statements now", {
      found: answer,
      next: [
        "name another node with --url, or wait until this one has joined",
        `how it is: ${clientCommand(target, "SHOW STATUS LIKE 'wsrep_local_state_comment'", "")}`,
      ],
    });
  }
  if (isTooManyConnections(server)) {
    return fail("UNREACHABLE", "the server takes no more connections from here", {
      found: answer,
      next: `when it is quieter, again; who is connected: ${clientCommand(target, "SHOW PROCESSLIST", "")}`,
    });
  }
  return fail("UNREACHABLE", unreachableWhat(failure), { found: answer, next: unreachableNext(failure, target) });
}

// --- internal ---

/** What the operating system's codes mean for a connection. */
const unreachable: Readonly<Record<string, string>> = {
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name is not known",
  ECONNREFUSED: "nothing listens there",
  ENOENT: "the socket does not exist",
  EACCES: "this account of the operating system may not open the socket",
  EHOSTUNREACH: "no network leads there",
  ENETUNREACH: "no network leads there",
  ETIMEDOUT: "the server did not answer within ten seconds",
};

function unreachableWhat({ code }: Failure): string {
  return unreachable[code ?? ""] ?? "the connection broke while it was being opened";
}

function unreachableNext({ code }: Failure, target: Target): string[] {
  if (target.socket !== undefined) {
    const next = [
      `ls -l ${shellWord(target.socket)}`,
      "is the server running on this machine? systemctl status mariadb mysql",
    ];
    return existsSync(target.socket) ? next : [...next, "name another place: --url mysql://USER@HOST:PORT/DATABASE"];
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return [`getent hosts ${shellWord(target.host)}`];
  return [clientCommand(target, "SELECT 1", "")];
}

/** Authentication that the driver cannot speak: MariaDB's ed25519 and parsec, PAM's dialog, Kerberos. */
function unsupportedPlugin(plugin: string, target: Target): MigrateError {
  const account = `'${target.user}'@'…'`;
  return new MigrateError("ACCESS_DENIED", `the account authenticates by ${plugin}, which this tool does not speak`, {
    where: describeTarget(target),
    found: `authentication plugin ${plugin}`,
    wanted: "mysql_native_password, caching_sha2_password, sha256_password or unix_socket",
    next: [
      `see how the account is defined: ${clientCommand(target, "SHOW CREATE USER", "")}`,
      `an account for migrations, on MariaDB: CREATE USER ${account} IDENTIFIED VIA mysql_native_password USING PASSWORD('…')`,
      `on MySQL: CREATE USER ${account} IDENTIFIED WITH caching_sha2_password BY '…'`,
    ],
  });
}

function noTls(target: Target): MigrateError {
  return new MigrateError("CONFIGURATION", "the server offers no TLS, and it was demanded", {
    where: describeTarget(target),
    found: "a server without TLS",
    wanted: `--ssl-mode=${target.tls.mode}`,
    next: [
      `what the server has: ${clientCommand({ ...target, tls: { mode: "preferred" } }, "SHOW VARIABLES LIKE '%ssl%'", "")}`,
      "or allow plain text with --ssl-mode=preferred",
    ],
  });
}

function plaintextRefused(target: Target, cause: ServerError): MigrateError {
  return new MigrateError("CONFIGURATION", "the server takes only TLS connections", {
    where: describeTarget(target),
    found: `--ssl-mode=${target.tls.mode}: ${cause.message}`,
    next: "--ssl-mode=required",
    cause,
  });
}

/** Node's own codes for certificates that do not hold. */
function isTlsError({ code }: Failure): boolean {
  return /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED)/.test(code ?? "");
}

function tlsRefused(failure: Failure, target: Target): MigrateError {
  const { mode, ca } = target.tls;
  return new MigrateError("CONFIGURATION", "the TLS connection could not be made", {
    where: describeTarget(target),
    found: redact(failure.message ?? "no reason was given"),
    wanted: `--ssl-mode=${mode}${ca === undefined ? "" : `, --ssl-ca=${ca}`}`,
    next: [
      `see the certificate: openssl s_client -starttls mysql -connect ${target.host}:${target.port} -showcerts`,
      "name the authority that signed it with --ssl-ca=FILE",
    ],
  });
}
