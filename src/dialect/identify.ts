/** Identifies the server, in this one place; all other code asks a Dialect for capabilities and names. */
import { MigrateError } from "../errors.ts";
import { type Dialect, dialectOf } from "./dialect.ts";
import { type Product, type Vendor, isSupported, oldestSupported, productName } from "./product.ts";

export interface Identity {
  readonly version: string;
  readonly comment: string;
}

/**
 * Columns of a SELECT for `identify`. The greeting is not used, because proxies rewrite it. MySQL skips comments
 * that begin with M!, so that MariaDB is recognised even behind a proxy that changes the version comment.
 */
export const identityColumns = "VERSION() AS version, CONCAT(@@version_comment /*M! , ' MariaDB' */) AS comment";

/** The server's dialect. Throws SERVER_UNSUPPORTED if the server is too old, or its version cannot be read. */
export function identify({ version, comment }: Identity): Dialect {
  const product = parseProduct(version, comment);
  if (isSupported(product)) return dialectOf(product);
  throw new MigrateError("SERVER_UNSUPPORTED", `${productName(product)} is too old`, {
    found: productName(product),
    wanted: `${oldestSupported(product.vendor)} or newer`,
    done: "nothing was changed",
    next: "upgrade the server, or use a copy of the database on a newer server",
  });
}

/** Vendor and version. Old MariaDB servers print a replication prefix ("5.5.5-") before the real number. */
export function parseProduct(version: string, comment: string): Product {
  const vendor: Vendor = /mariadb/i.test(version) || /mariadb/i.test(comment) ? "mariadb" : "mysql";
  const bare = version.replace(/^5\.5\.5-(?=\d)/, "");
  const parts = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(bare);
  if (parts === null) {
    throw new MigrateError("SERVER_UNSUPPORTED", "the server's version cannot be read", {
      found: version,
      wanted: (["mariadb", "mysql"] as const).map((each) => `${oldestSupported(each)} or newer`),
      done: "nothing was changed",
      next: "connect directly to the server: a proxy may change the answer to VERSION()",
    });
  }
  return { vendor, version: [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)] };
}
