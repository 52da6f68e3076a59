import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import type { SslOptions } from "mysql2";
import { MigrateError, messageOf } from "../errors.ts";
import type { Target, Tls } from "./db.ts";

/**
 * What the driver is told, for one of the modes of the mysql client; undefined: no TLS.
 * CONFIGURATION where a certificate file cannot be read.
 */
export function tlsOptions(target: Target): SslOptions | undefined {
  const { tls } = target;
  if (tls.mode === "disabled") return undefined;
  // As the stock client does: a socket never leaves the machine, so there only a demand is heard.
  if (tls.mode === "preferred" && target.socket !== undefined) return undefined;
  const verifies = tls.mode === "verify-ca" || tls.mode === "verify-identity";
  if (tls.mode === "verify-identity" && target.socket === undefined && isIP(target.host) !== 0) {
    // The driver would compare the certificate with "localhost" then.
    throw new MigrateError("CONFIGURATION", "verify-identity needs a host name, not an address", {
      where: `${target.host}:${target.port}`,
      next: ["write the name that stands in the server's certificate", "or --ssl-mode=verify-ca"],
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
