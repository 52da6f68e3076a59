import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import type { SslOptions } from "mysql2";
import { MigrateError, messageOf } from "../errors.ts";
import type { Target, Tls } from "./db.ts";

/**
 * The driver's TLS options for one of the modes of the mysql client; undefined for no TLS. Throws CONFIGURATION if
 * a certificate file cannot be read.
 */
export function tlsOptions(target: Target): SslOptions | undefined {
  const { tls } = target;
  if (tls.mode === "disabled") return undefined;
  // As the stock client does: a socket never leaves the machine, so only an explicit mode uses TLS on it.
  if (tls.mode === "preferred" && target.socket !== undefined) return undefined;
  const verifies = tls.mode === "verify-ca" || tls.mode === "verify-identity";
  if (tls.mode === "verify-identity" && target.socket === undefined && isIP(target.host) !== 0) {
    // With an address the driver would compare the certificate with "localhost".
    throw new MigrateError("CONFIGURATION", "verify-identity needs a host name, not an address", {
      where: `${target.host}:${target.port}`,
      next: ["use the host name in the server's certificate", "or --ssl-mode=verify-ca"],
    });
  }
  return {
    rejectUnauthorized: verifies,
    verifyIdentity: tls.mode === "verify-identity",
    ...pem(tls, "ca"),
    ...pem(tls, "cert"),
    ...pem(tls, "key"),
  };
}

function pem(tls: Tls, part: "ca" | "cert" | "key"): SslOptions {
  const file = tls[part];
  if (file === undefined) return {};
  try {
    return { [part]: readFileSync(file, "utf8") };
  } catch (cause) {
    throw new MigrateError("CONFIGURATION", `the file of --ssl-${part} cannot be read`, {
      where: file,
      found: messageOf(cause),
      next: `ls -l ${file}`,
    });
  }
}
