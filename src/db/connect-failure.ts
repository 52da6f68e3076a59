import { existsSync } from "node:fs";
import { createLogin } from "../dialect/unknown-server.ts";
import { type Details, type ErrorCode, MigrateError } from "../errors.ts";
import { shellWord } from "../shell-word.ts";
import { id } from "../sql.ts";
import { clientCommand } from "./client-command.ts";
import { type Target, describeTarget } from "./db.ts";
import { isPublicKeyRefused } from "./public-key.ts";
import { redact } from "./redact.ts";
import { loginRefusal } from "./refused-login.ts";
import {
  ServerError,
  isAccessDenied,
  isDatabaseDenied,
  isLockTimeout,
  isNodeNotReady,
  isPasswordUseless,
  isTlsRequired,
  isUnknownDatabase,
} from "./server-errors.ts";
import { toServerError } from "./session-connection.ts";

interface Failure {
  readonly code?: string;
  readonly errno?: number;
  readonly message?: string;
}

/** The error for a failed connection, with its cause and the next command. It never contains the password. */
export function connectFailure(error: unknown, target: Target, unusedRoles: readonly string[] = []): MigrateError {
  if (error instanceof MigrateError) return error;
  const failure = error as Failure;
  const plugin = /using unknown plugin (\S+?)\. /.exec(failure.message ?? "")?.[1];
  if (plugin !== undefined) return unsupportedPlugin(plugin, target);
  if (failure.code === "MYSQL_CLEAR_PASSWORD_NOT_ENABLED") return unsupportedPlugin("mysql_clear_password", target);
  if (isPublicKeyRefused(error)) return keyNotFetched(target);
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

  const { message: answer } = server;
  if (isTlsRequired(server)) return plaintextRefused(target, server);
  const refusal = loginRefusal(server, target);
  if (refusal !== undefined) {
    const { code, what, ...details } = refusal;
    return fail(code, what, { found: answer, ...details });
  }
  const listing = `list the databases that this account sees: ${clientCommand(target, "SHOW DATABASES", "")}`;
  // A server gives this answer only to an account that may use such a database.
  if (isUnknownDatabase(server)) {
    return fail("UNKNOWN_DATABASE", `database ${target.database} does not exist on this server`, {
      found: answer,
      next: [listing, "then give the right name: --database NAME, or --url mysql://USER@HOST:PORT/NAME"],
    });
  }
  if (isDatabaseDenied(server)) {
    return fail("UNKNOWN_DATABASE", `database ${target.database} does not exist, or this account may not use it`, {
      found: answer,
      next: [
        ...unusedRoles.map(
          (each) => `this account has a role that it does not use: ${clientCommand(target, each, "")}`,
        ),
        listing,
        `or, as an administrator: GRANT SELECT ON ${id(target.database)}.* TO '${target.user}'@'HOST';`,
      ],
    });
  }
  if (isPasswordUseless(server)) {
    return fail("ACCESS_DENIED", "this account cannot log in with a password", {
      found: answer,
      wanted: "usually a login over the unix socket, from the operating-system account of the same name",
      next: "run the command as that operating-system account with --socket PATH, or use another database account",
    });
  }
  if (isAccessDenied(server)) {
    return fail("ACCESS_DENIED", "the server rejected this account or password", {
      found: answer,
      next: [
        ...(target.password === undefined
          ? ["give the password in ~/.my.cnf ([client] password=…), in MYSQL_PWD, or at the prompt in a terminal"]
          : []),
        ...(/[\r\n]$/.test(target.password ?? "")
          ? ["remove the line end behind the password: a file with the line ends of Windows leaves one"]
          : []),
        `try the same with the stock client: ${clientCommand(target, "SELECT CURRENT_USER()")}`,
        ...tlsWays(target),
      ],
    });
  }
  // No table was asked for: only a node of a cluster waits here, until it has every change of the others.
  if (isLockTimeout(server)) {
    return fail("UNREACHABLE", "this node of the cluster is behind the others, and did not catch up in time", {
      found: answer,
      next: [
        stateOfNode(target),
        "use another node with --url, or end what keeps this node from applying, such as FLUSH TABLES WITH READ LOCK",
      ],
    });
  }
  if (isNodeNotReady(server)) {
    return fail("UNREACHABLE", "this node of the cluster accepts no statements now", {
      found: answer,
      next: ["use another node with --url, or wait until this node has joined the cluster", stateOfNode(target)],
    });
  }
  return fail("UNREACHABLE", unreachableWhat(failure), { found: answer, next: unreachableNext(failure, target) });
}

// --- internal ---

/** A server says the same of an account that requires TLS, or a client certificate, and of a wrong password. */
function tlsWays({ socket, tls }: Target): string[] {
  if (tls.mode === "disabled" || (tls.mode === "preferred" && socket !== undefined))
    return ["if the account requires TLS (REQUIRE SSL), add --ssl-mode=required"];
  return tls.cert === undefined
    ? ["if the account requires a client certificate (REQUIRE X509), add --ssl-cert=FILE --ssl-key=FILE"]
    : [];
}

/** The meaning of the operating system's error codes for a connection. */
const unreachable: Readonly<Record<string, string>> = {
  ENOTFOUND: "the host name is unknown",
  EAI_AGAIN: "the host name is unknown",
  ECONNREFUSED: "no server listens at this address",
  ENOENT: "the socket does not exist",
  EACCES: "this operating-system account may not open the socket",
  EHOSTUNREACH: "the host cannot be reached over the network",
  ENETUNREACH: "the host cannot be reached over the network",
  ETIMEDOUT: "the server did not answer within 10 seconds",
};

function unreachableWhat({ code }: Failure): string {
  return unreachable[code ?? ""] ?? "the connection ended before it was established";
}

function unreachableNext({ code }: Failure, target: Target): string[] {
  if (target.socket !== undefined) {
    const next = [
      `ls -l ${shellWord(target.socket)}`,
      "check that the server runs on this machine: systemctl status mariadb mysql",
    ];
    return existsSync(target.socket)
      ? next
      : [...next, "or connect over the network: --url mysql://USER@HOST:PORT/DATABASE"];
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return [`look the name up: getent hosts ${shellWord(target.host)}`];
  return [`try the same with the stock client: ${clientCommand(target, "SELECT 1", "")}`];
}

function stateOfNode(target: Target): string {
  const names = ["wsrep_cluster_status", "wsrep_local_state_comment", "wsrep_ready", "wsrep_local_recv_queue"];
  const list = names.map((name) => `'${name}'`).join(", ");
  return `state of this node: ${clientCommand(target, `SHOW GLOBAL STATUS WHERE Variable_name IN (${list})`, "")}`;
}

/** Authentication methods that the driver does not support: MariaDB's ed25519 and parsec, PAM's dialog, Kerberos. */
function unsupportedPlugin(plugin: string, target: Target): MigrateError {
  const [first, ...others] = createLogin(`'${target.user}'@'HOST'`);
  return new MigrateError(
    "ACCESS_DENIED",
    `this account uses authentication plugin ${plugin}, which is not supported`,
    {
      where: describeTarget(target),
      found: `authentication plugin ${plugin}`,
      wanted: "mysql_native_password, caching_sha2_password, sha256_password or unix_socket",
      next: [
        `show the account's definition: ${clientCommand(target, "SHOW CREATE USER", "")}`,
        `create an account for migrations, ${first}`,
        ...others,
      ],
    },
  );
}

/** An account with caching_sha2_password or sha256_password, no TLS, and a server that does not remember the password. */
function keyNotFetched(target: Target): MigrateError {
  return new MigrateError("CONFIGURATION", "the password would go over an unencrypted connection", {
    where: describeTarget(target),
    found: `--ssl-mode=${target.tls.mode}, and an account whose password needs TLS or the server's public key`,
    wanted: "a connection with TLS: over any other, an attacker can answer with a key of its own and read the password",
    done: "the password was not sent; nothing was changed",
    next: ["add --ssl-mode=required", "or, on a network that you trust, add --get-server-public-key"],
  });
}

function noTls(target: Target): MigrateError {
  return new MigrateError("CONFIGURATION", "TLS is required, but the server does not offer it", {
    where: describeTarget(target),
    found: "a server without TLS",
    wanted: `--ssl-mode=${target.tls.mode}`,
    next: [
      `show the server's TLS settings: ${clientCommand({ ...target, tls: { mode: "preferred" } }, "SHOW VARIABLES LIKE '%ssl%'", "")}`,
      "or allow an unencrypted connection with --ssl-mode=preferred",
    ],
  });
}

function plaintextRefused(target: Target, cause: ServerError): MigrateError {
  return new MigrateError("CONFIGURATION", "the server accepts only TLS connections", {
    where: describeTarget(target),
    found: `--ssl-mode=${target.tls.mode}: ${cause.message}`,
    next: "add --ssl-mode=required",
    cause,
  });
}

/** True for Node's error codes of invalid certificates and failed TLS. */
function isTlsError({ code }: Failure): boolean {
  return /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED)/.test(code ?? "");
}

function tlsRefused(failure: Failure, target: Target): MigrateError {
  const { mode, ca } = target.tls;
  return new MigrateError("CONFIGURATION", "the TLS connection could not be established", {
    where: describeTarget(target),
    found: redact(failure.message ?? "no reason given"),
    wanted: `--ssl-mode=${mode}${ca === undefined ? "" : `, --ssl-ca=${ca}`}`,
    next: [
      `show the server's certificate: openssl s_client -starttls mysql -connect ${target.host}:${target.port} -showcerts`,
      "give the certificate of the authority that signed it: --ssl-ca=FILE",
    ],
  });
}
