import { MigrateError } from "../errors.ts";
import type { Setting } from "../option-layers.ts";

/** Another way to give a password, for everyone who tried it by --url. */
export const passwordWays = [
  "put it into ~/.my.cnf: [client] password=… (chmod 600)",
  "or into the environment: MYSQL_PWD, or ISPYB_MIGRATE_URL with the whole URL",
  "or leave it out: on a terminal it is asked for",
];

/** What a URL says, as if each part had been said by an option of its own. */
export interface UrlParts {
  readonly host?: string;
  readonly port?: string;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

/**
 * mysql://USER@HOST:PORT/DATABASE, also mariadb://. No message repeats the URL: it may hold a password,
 * and where it cannot be parsed nobody knows which part of it that is.
 * USAGE or CONFIGURATION by where it stands; PASSWORD_IN_URL where every process list would show it.
 */
export function parseUrl({ value, from }: Setting): UrlParts {
  const text = value === true ? "" : value;
  const isFlag = from === "--url";
  const wrong = (what: string, next = `${from} mysql://USER@HOST:3306/DATABASE`) =>
    new MigrateError(isFlag ? "USAGE" : "CONFIGURATION", what, { where: from, next });

  const url = URL.canParse(text) ? new URL(text) : undefined;
  const holdsPassword = url === undefined ? /\/\/[^@]*:.*@/.test(text) : url.password !== "";
  if (isFlag && holdsPassword) {
    throw new MigrateError("PASSWORD_IN_URL", "a password on the command line stands in every process list", {
      where: from,
      next: passwordWays,
    });
  }
  if (url === undefined) {
    throw wrong("this is not a URL; a user or password with special characters wants them percent-encoded");
  }
  if (url.protocol !== "mysql:" && url.protocol !== "mariadb:")
    throw wrong("the URL begins neither with mysql:// nor with mariadb://");
  if (url.search !== "" || url.hash !== "")
    throw wrong("the URL goes on behind the database; use options such as --ssl-mode");
  const database = decode(url.pathname.replace(/^\//, ""), wrong);
  if (database.includes("/")) throw wrong("the URL names more than a database behind the host");
  const parts = {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port,
    user: decode(url.username, wrong),
    password: decode(url.password, wrong),
    database,
  };
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== ""));
}

function decode(part: string, wrong: (what: string) => MigrateError): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw wrong("the URL has a % that is not followed by two hexadecimal digits");
  }
}
