import { type Stats, existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { MigrateError } from "../errors.ts";
import { type Layer, type Setting, readWord } from "../option-layers.ts";
import { isOptionName, option, options } from "../options.ts";

/**
 * Option files of MySQL and MariaDB: https://dev.mysql.com/doc/refman/8.4/en/option-files.html.
 * The groups [client] and [ispyb-migrate] are read in the order of the file; a later line wins.
 */
const groups = new Set(["client", "ispyb-migrate"]);

/** Options without a flag: they belong in the stock client's own file. */
const fileOnly = ["host", "port", "user", "password", "protocol"];

/** The servers' own limit for nested !include. */
const MAX_DEPTH = 10;

/** The named option file; otherwise ~/.my.cnf if it exists. */
export function optionFileLayer(named: string | undefined, env: Readonly<Record<string, string | undefined>>): Layer {
  if (named !== undefined) return readOptionFile(named);
  const home = homeOf(env);
  const usual = home === undefined ? undefined : join(home, ".my.cnf");
  return usual !== undefined && existsSync(usual) ? readOptionFile(usual) : new Map();
}

/**
 * The options of the file, with underscores as dashes. Unknown options in [client] are skipped, because all
 * clients share that group; in [ispyb-migrate] they are an error. Every error is CONFIGURATION and names file
 * and line.
 */
export function readOptionFile(file: string): Layer {
  const layer = new Map<string, Setting>();
  readInto(layer, file, 0);
  return layer;
}

// --- internal ---

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

function readInto(layer: Map<string, Setting>, file: string, depth: number): void {
  let group: string | undefined;
  for (const [index, raw] of contents(file).split(/\r?\n/).entries()) {
    const line = raw.trim();
    const where = `${file}:${index + 1}`;
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue;

    if (line.startsWith("!")) {
      if (depth >= MAX_DEPTH) throw wrong(`option files include each other more than ${MAX_DEPTH} levels deep`, where);
      for (const included of includedFiles(line, dirname(file), where)) readInto(layer, included, depth + 1);
      continue;
    }

    if (line.startsWith("[")) {
      group = /^\[([^\]]*)\]/.exec(line)?.[1]?.trim();
      if (group === undefined) throw wrong("this group has no closing bracket", where);
      continue;
    }

    if (group === undefined) {
      throw wrong("this option comes before the first [group]", where, "write [client] or [ispyb-migrate] above it");
    }
    if (!groups.has(group)) continue;
    const parsed = parseOption(line);
    const { name, value } = mariaDbTls(parsed, where) ?? parsed;
    if (isKnown(name)) layer.set(name, { value, from: where });
    else if (group === "ispyb-migrate" && !name.startsWith("loose-")) throw unknown(name, where);
  }
}

function contents(file: string): string {
  try {
    // The stock client skips such a file with a warning: any user could redirect the account.
    if (isWritableByAll(statSync(file)))
      throw wrong("this option file is writable by every user", file, `chmod o-w ${file}`);
    return readFileSync(file, "utf8");
  } catch (cause) {
    if (cause instanceof MigrateError) throw cause;
    throw wrong("the option file cannot be read", file, `ls -l ${file}`, cause);
  }
}

function isWritableByAll(stats: Stats): boolean {
  return stats.isFile() && (stats.mode & 0o002) !== 0;
}

/** Files of `!include FILE` or `!includedir DIRECTORY`, relative to the including file. */
function includedFiles(line: string, base: string, where: string): string[] {
  const [, directive, path] = /^!(include|includedir)\s+(.+)$/.exec(line) ?? [];
  if (directive === undefined || path === undefined)
    throw wrong("this line is neither !include FILE nor !includedir DIRECTORY", where);
  const place = resolve(base, path.trim());
  if (directive === "include") return [place];
  try {
    const names = readdirSync(place).filter((name) => name.endsWith(".cnf"));
    return names.toSorted().map((name) => resolve(place, name));
  } catch (cause) {
    throw wrong("the directory of !includedir cannot be read", where, `ls -ld ${place}`, cause);
  }
}

interface ParsedOption {
  readonly name: string;
  readonly value: string | true;
}

/** The --ssl-mode that one of the MariaDB client's TLS switches means; undefined for other options, or if it is off. */
function mariaDbTls({ name, value }: ParsedOption, where: string): ParsedOption | undefined {
  if (!["ssl", "skip-ssl", "ssl-verify-server-cert"].includes(name)) return undefined;
  const on = value === true || readWord(value);
  if (on === undefined) throw wrong(`invalid value for ${name}; expected on or off`, where);
  if (name === "ssl-verify-server-cert") return on ? { name: "ssl-mode", value: "verify-identity" } : undefined;
  if (name === "skip-ssl") return on ? { name: "ssl-mode", value: "disabled" } : undefined;
  return { name: "ssl-mode", value: on ? "required" : "disabled" };
}

function parseOption(line: string): ParsedOption {
  const text = withoutComment(line);
  const equals = text.indexOf("=");
  const name = (equals < 0 ? text : text.slice(0, equals)).trim().toLowerCase().replaceAll("_", "-");
  return { name, value: equals < 0 ? true : unescape(unquote(text.slice(equals + 1).trim())) };
}

/** The line without its comment: a # outside quotes begins one, even in the middle of a word, as servers read it. */
function withoutComment(line: string): string {
  let quote = "";
  let escaped = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (!escaped && (character === "'" || character === '"')) {
      if (quote === "") quote = character;
      else if (quote === character) quote = "";
    } else if (quote === "" && character === "#") return line.slice(0, at);
    escaped = quote !== "" && character === "\\" && !escaped;
  }
  return line;
}

function unquote(value: string): string {
  const quote = value[0];
  const quoted = value.length > 1 && (quote === "'" || quote === '"') && value.endsWith(quote);
  return quoted ? value.slice(1, -1) : value;
}

const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  s: " ",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

/** The value without escapes; an unknown escape keeps its backslash. */
function unescape(value: string): string {
  return value.replaceAll(/\\(.)/g, (both, character: string) => escapes[character] ?? both);
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
