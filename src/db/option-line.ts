/** One line `name=value` of an option file, read as the servers' own clients read it. */
import { type Setting, readWord } from "../option-layers.ts";

export interface ParsedOption {
  readonly name: string;
  readonly value: Setting["value"];
  /** Written with `loose-`: it may be skipped if it is unknown. */
  readonly loose: boolean;
}

/** The option, with underscores as dashes and an abbreviated name in full. */
export function parseOption(line: string): ParsedOption {
  const text = withoutComment(line);
  const equals = text.indexOf("=");
  const given = (equals < 0 ? text : text.slice(0, equals)).trim().toLowerCase().replaceAll("_", "-");
  const name = given.replace(/^loose-/, "");
  const value = equals < 0 ? true : unescape(unquote(text.slice(equals + 1).trim()));
  return { name: fullName(name), value, loose: name !== given };
}

/**
 * The --ssl-mode that one of the MariaDB client's TLS switches means; undefined for other options, or if it is off.
 * "invalid" for a switch with another value.
 */
export function mariaDbTls({ name, value }: ParsedOption): string | undefined {
  if (!["ssl", "skip-ssl", "ssl-verify-server-cert"].includes(name)) return undefined;
  const on = value === true || readWord(value);
  if (on === undefined) return "invalid";
  if (name === "ssl-verify-server-cert") return on ? "verify-identity" : undefined;
  if (name === "skip-ssl") return on ? "disabled" : undefined;
  return on ? "required" : "disabled";
}

// --- internal ---

/** The shortest form of each name that no other option of the stock client begins with: `pa` could be `pager`. */
const shortest: Readonly<Record<string, string>> = {
  host: "ho",
  port: "po",
  user: "us",
  password: "pas",
  socket: "so",
  protocol: "prot",
  database: "da",
};

/** Clients take abbreviations, and `enable-` and `disable-` before a switch. */
function fullName(given: string): string {
  const name = given.replace(/^enable-/, "").replace(/^disable-/, "skip-");
  const meant = Object.entries(shortest).find(([full, least]) => full.startsWith(name) && name.startsWith(least));
  return meant?.[0] ?? name;
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
