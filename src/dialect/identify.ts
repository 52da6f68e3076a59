/** Which server this is. Asked once, here; everything else asks a Dialect for what it can do and how it calls things. */
import { MigrateError } from "../errors.ts";
import { type Dialect, dialectOf } from "./dialect.ts";
import { type Product, type Vendor, isSupported, oldestSupported, productName } from "./product.ts";

export interface Identity {
  readonly version: string;
  readonly comment: string;
}

/**
 * Columns of a SELECT whose row `identify` takes. The greeting itself is never asked: proxies rewrite it.
 * MySQL skips comments that begin with M!, so that a proxy with words of its own hides no MariaDB.
 */
export const identityColumns = "VERSION() AS version, CONCAT(@@version_comment /*M! , ' MariaDB' */) AS comment";

/** Throws SERVER_UNSUPPORTED where the server is too old, or says nothing that is a version. */
export function identify({ version, comment }: Identity): Dialect {
  const product = parseProduct(version, comment);
  if (isSupported(product)) return dialectOf(product);
  throw new MigrateError("SERVER_UNSUPPORTED", "this server is too old", {
    found: productName(product),
    wanted: `${oldestSupported(product.vendor)} or newer`,
    done: "nothing was changed",
    next: "upgrade the server, or run the tool against a copy on a newer one",
  });
}

/** Old replication prefixes ("5.5.5-") come before the real number. */
export function parseProduct(version: string, comment: string): Product {
  const vendor: Vendor = /mariadb/i.test(version) || /mariadb/i.test(comment) ? "mariadb" : "mysql";
  const bare = version.replace(/^5\.5\.5-(?=\d)/, "");
  const parts = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(bare);
  if (parts === null) {
    throw new MigrateError("SERVER_UNSUPPORTED", "the server's version cannot be read", {
      found: version,
      wanted: (["mariadb", "mysql"] as const).map((each) => `${oldestSupported(each)} or newer`),
      done: "nothing was changed",
      next: "connect to the server itself: a proxy may answer VERSION() with words of its own",
    });
  }
  return { vendor, version: [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)] };
}
