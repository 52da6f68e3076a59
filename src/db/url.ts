import { MigrateError } from "../errors.ts";
import type { Setting } from "../option-layers.ts";

/** Other ways to give a password, for users who tried it in --url. */
export const passwordWays = [
  "write it to ~/.my.cnf: [client] password=… (chmod 600)",
  "or set it in the environment: MYSQL_PWD, or ISPYB_MIGRATE_URL with the whole URL",
  "or leave it out: in a terminal you are prompted for it",
];

/** The parts of a URL, as if each had been given by its own option. */
export interface UrlParts {
  readonly host?: string;
  readonly port?: string;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

/**
 * mysql://USER@HOST:PORT/DATABASE, also mariadb://. No message repeats the URL: it may contain a password, and in
 * an invalid URL the password cannot be located. Throws USAGE for an option and CONFIGURATION for other sources;
 * PASSWORD_IN_URL if process lists would show the password.
 */
export function parseUrl({ value, from }: Setting): UrlParts {
  const text = value === true ? "" : value;
  const isFlag = from.startsWith("--");
  const wrong = (what: string, next = example(from)) =>
    new MigrateError(isFlag ? "USAGE" : "CONFIGURATION", what, { where: from, next });

  const url = URL.canParse(text) ? new URL(text) : undefined;
  const holdsPassword = url === undefined ? /\/\/[^@]*:.*@/.test(text) : url.password !== "";
  if (isFlag && holdsPassword) {
    throw new MigrateError("PASSWORD_IN_URL", "a password on the command line is visible in every process list", {
      where: from,
      next: passwordWays,
    });
  }
  if (url === undefined) {
    throw wrong("this is not a valid URL; special characters in a user or password must be percent-encoded");
  }
  if (url.protocol !== "mysql:" && url.protocol !== "mariadb:")
    throw wrong("the URL must begin with mysql:// or mariadb://");
  if (url.search !== "" || url.hash !== "")
    throw wrong("the URL has parameters after the database; use options such as --ssl-mode");
  const database = decode(url.pathname.replace(/^\//, ""), wrong);
  if (database.includes("/")) throw wrong("the URL has more than a database name after the host");
  const parts = {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port,
    user: decode(url.username, wrong),
    password: decode(url.password, wrong),
    database,
  };
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== ""));
}

/** A valid URL, as it is given by this option, environment variable, or line of an option file. */
function example(from: string): string {
  const url = "mysql://USER@HOST:3306/DATABASE";
  if (from.startsWith("--")) return `${from} ${url}`;
  return from.includes(":") ? `correct line ${from}: url=${url}` : `export ${from}=${url}`;
}

function decode(part: string, wrong: (what: string) => MigrateError): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw wrong("the URL contains a % without two hexadecimal digits after it");
  }
}
