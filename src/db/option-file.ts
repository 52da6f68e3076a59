import { type Stats, existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { MigrateError } from "../errors.ts";
import type { Layer, Setting } from "../option-layers.ts";
import { isOptionName, option, options } from "../options.ts";
import { shellWord } from "../shell-word.ts";
import { mariaDbTls, parseOption } from "./option-line.ts";

/**
 * Option files of MySQL and MariaDB: https://dev.mysql.com/doc/refman/8.4/en/option-files.html.
 * These groups are read in the order of the file; a later line wins. They are those that the servers' client libraries
 * read for every program: [mysql] and [mariadb-client] belong to the stock client alone.
 */
const groups = ["client", "client-server", "client-mariadb", "ispyb-migrate"];

/** Options without a flag: they belong in the stock client's own file. */
const fileOnly = ["host", "port", "user", "password", "protocol"];

/** The servers' own limit for nested !include. */
const MAX_DEPTH = 10;

/** How an option file is read. */
export interface Reading {
  /** Each group is also read with this behind its name, as with the stock client's --defaults-group-suffix. */
  readonly suffix?: string | undefined;
  /** Called with each warning. */
  readonly warn?: (line: string) => void;
}

/** The named option file; otherwise ~/.my.cnf if it exists. */
export function optionFileLayer(
  named: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  reading: Reading = {},
): Layer {
  if (named !== undefined) return readOptionFile(named, reading);
  const home = homeOf(env);
  const usual = home === undefined ? undefined : join(home, ".my.cnf");
  return usual !== undefined && existsSync(usual) ? readOptionFile(usual, reading) : new Map();
}

/**
 * The options of the file, with underscores as dashes. Unknown options in the groups of all clients are skipped, because
 * they are shared; in [ispyb-migrate] they are an error. Every error is CONFIGURATION and names file and line.
 */
export function readOptionFile(file: string, { suffix = "", warn = () => {} }: Reading = {}): Layer {
  const layer = new Map<string, Setting>();
  const wanted = new Set([...groups, ...groups.map((group) => group + suffix)].map((group) => group.toLowerCase()));
  readInto({ layer, wanted, warn }, file, 0);
  return layer;
}

// --- internal ---

interface Target {
  readonly layer: Map<string, Setting>;
  readonly wanted: ReadonlySet<string>;
  readonly warn: (line: string) => void;
}

/** Where os.homedir() looks, with this environment in place of the process's. */
function homeOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const named = env["HOME"];
  if (named !== undefined) return named;
  try {
    return userInfo().homedir;
  } catch {
    // A container may run under a number that has no home.
    return undefined;
  }
}

function readInto(target: Target, file: string, depth: number): void {
  let group: string | undefined;
  let secret = false;
  const { text, stats } = contents(file);
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    const where = `${file}:${index + 1}`;
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue;

    if (line.startsWith("!")) {
      if (depth >= MAX_DEPTH) throw wrong(`option files include each other more than ${MAX_DEPTH} levels deep`, where);
      for (const included of includedFiles(line, dirname(file), where)) readInto(target, included, depth + 1);
      continue;
    }

    if (line.startsWith("[")) {
      group = /^\[([^\]]*)\]/.exec(line)?.[1]?.toLowerCase();
      if (group === undefined) throw wrong("this group has no closing bracket", where);
      continue;
    }

    if (group === undefined) {
      throw wrong("this option comes before the first [group]", where, "write [client] or [ispyb-migrate] above it");
    }
    if (!target.wanted.has(group)) continue;
    const parsed = parseOption(line);
    const tls = mariaDbTls(parsed);
    if (tls === "invalid") throw wrong(`invalid value for ${parsed.name}; expected on or off`, where);
    const { name, value } = tls === undefined ? parsed : { name: "ssl-mode", value: tls };
    if (isKnown(name)) target.layer.set(name, { value, from: where });
    else if (group.startsWith("ispyb-migrate") && !parsed.loose) throw unknown(name, where);
    secret ||= name === "password" && typeof value === "string" && value !== "";
  }
  if (secret && isReadableByAll(stats)) {
    target.warn(`warning: ${file} contains a password, and every user may read it: chmod o-r ${shellWord(file)}`);
  }
}

function contents(file: string): { readonly text: string; readonly stats: Stats } {
  try {
    const stats = statSync(file);
    // The stock client skips such a file with a warning: any user could redirect the account.
    if (isWritableByAll(stats))
      throw wrong("this option file is writable by every user", file, `chmod o-w ${shellWord(file)}`);
    const text = readFileSync(file, "utf8");
    if (isLoginFile(file, text)) {
      throw wrong(
        "this is a file of mysql_config_editor: it is scrambled, and only MySQL's own clients read it",
        file,
        "write user and password under [client] in ~/.my.cnf, with mode 600, or give the password in MYSQL_PWD",
      );
    }
    return { text, stats };
  } catch (cause) {
    if (cause instanceof MigrateError) throw cause;
    throw wrong("the option file cannot be read", file, `ls -l ${shellWord(file)}`, cause);
  }
}

/** The login paths that mysql_config_editor writes begin with four zero bytes. */
function isLoginFile(file: string, text: string): boolean {
  return basename(file) === ".mylogin.cnf" || text.startsWith("\0\0\0\0");
}

function isReadableByAll(stats: Stats): boolean {
  return stats.isFile() && (stats.mode & 0o004) !== 0;
}

function isWritableByAll(stats: Stats): boolean {
  return stats.isFile() && (stats.mode & 0o002) !== 0;
}

/** Files of `!include FILE` or `!includedir DIRECTORY`, relative to the including file. */
function includedFiles(line: string, base: string, where: string): string[] {
  const [, directive, path] = /^!(include|includedir)\s+(.+)$/.exec(line) ?? [];
  if (directive === undefined || path === undefined)
    throw wrong("this line begins with !, but is not !include FILE or !includedir DIRECTORY", where);
  const place = resolve(base, path.trim());
  // The stock client skips a file that does not exist, but not a directory.
  if (directive === "include") return existsSync(place) ? [place] : [];
  try {
    const names = readdirSync(place).filter((name) => name.endsWith(".cnf"));
    return names.toSorted().map((name) => resolve(place, name));
  } catch (cause) {
    throw wrong("the directory of !includedir cannot be read", where, `ls -ld ${place}`, cause);
  }
}

function isKnown(name: string): boolean {
  return fileOnly.includes(name) || (isOptionName(name) && option(name).inFile !== false);
}

function unknown(name: string, where: string): MigrateError {
  const names = Object.keys(options).filter(isKnown);
  // Only the first word: in "password secret", without its =, the rest is a secret.
  const word = name.split(/\s/)[0];
  return new MigrateError("CONFIGURATION", `unknown option ${word} in group [ispyb-migrate]`, {
    where,
    wanted: `one of ${[...fileOnly, ...names].join(", ")}`,
    next: `correct or remove the line ${where}`,
  });
}

function wrong(what: string, where: string, next?: string, cause?: unknown): MigrateError {
  const reason = cause instanceof Error ? { found: cause.message, cause } : {};
  return new MigrateError("CONFIGURATION", what, {
    where,
    ...reason,
    next: next ?? `correct or remove the line ${where}`,
  });
}
