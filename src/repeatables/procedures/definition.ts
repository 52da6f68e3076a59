/** A CREATE PROCEDURE, ours or the server's, taken apart for comparison. */
import { createHash } from "node:crypto";
import type { Difference } from "../../catalog/difference.ts";
import { tokensBefore, tokensOf } from "./tokens.ts";

export interface Definition {
  /** `name@host` without quotes; undefined where the text names none. */
  readonly definer?: string;
  readonly parameters: readonly string[];
  readonly security: "DEFINER" | "INVOKER";
  /** READS SQL DATA and the like. */
  readonly access: string;
  /** From BEGIN on, as it stands. */
  readonly body: string;
}

/** Undefined where the text is no CREATE PROCEDURE with BEGIN … END. */
export function parseDefinition(sql: string): Definition | undefined {
  const head = tokensBefore(sql, "BEGIN");
  if (head === undefined) return undefined;
  const { tokens, rest: body } = head;
  const at = tokens.findIndex((token) => token.toUpperCase() === "PROCEDURE");
  const open = tokens.indexOf("(", at);
  if (at < 0 || open < 0) return undefined;
  const close = closing(tokens, open);
  const words = tokens.slice(close + 1).map((token) => token.toUpperCase());
  const definer = definerAmong(tokens.slice(0, at));
  return {
    ...(definer === undefined ? {} : { definer }),
    parameters: tokens.slice(open + 1, close),
    security: words.includes("INVOKER") ? "INVOKER" : "DEFINER",
    access: /(?:READS|MODIFIES) SQL DATA|NO SQL/.exec(words.join(" "))?.[0] ?? "CONTAINS SQL",
    body,
  };
}

/** What a live procedure has otherwise than wanted; a definer counts only where one is wanted. */
export function compareDefinitions(
  name: string,
  live: Definition & { readonly sqlMode: string },
  wanted: Definition & { readonly sqlMode: string },
): Difference[] {
  const differences: Difference[] = [];
  const compare = (aspect: string, actual: string, expected: string) => {
    if (actual !== expected) differences.push({ part: "procedure", object: name, aspect, found: actual, expected });
  };
  compare("parameters", live.parameters.join(" "), wanted.parameters.join(" "));
  if (!isSameText(live.body, wanted.body)) {
    differences.push({ part: "procedure", object: name, aspect: "body", found: "another text", expected: "ours" });
  }
  compare("data access", live.access, wanted.access);
  compare("SQL SECURITY", live.security, wanted.security);
  compare("sql_mode", sortedMode(live.sqlMode), sortedMode(wanted.sqlMode));
  if (wanted.definer !== undefined) compare("DEFINER", live.definer ?? "", wanted.definer);
  return differences;
}

/** Stored beside every checksum. An algorithm is never changed; a new one gets a new name. */
const algorithm = "procedure-1";

/** The checksum, and the one that it has where nobody wants a definer. */
export function definitionChecksums(wanted: Definition & { readonly sqlMode: string }): [string, string] {
  const { access, body, definer = null, parameters, security, sqlMode } = wanted;
  const tokens = tokensOf(body);
  const digest = (by: string | null) => {
    const canonical = JSON.stringify([parameters, tokens, access, security, sortedMode(sqlMode), by]);
    return `${algorithm}:${createHash("sha256").update(canonical).digest("hex")}`;
  };
  return [digest(definer), digest(null)];
}

/** The DEFINER of a CREATE PROCEDURE, as `name@host`. */
export function definerOf(sql: string): string | undefined {
  const head = tokensBefore(sql, "PROCEDURE");
  return head === undefined ? undefined : definerAmong(head.tokens);
}

// --- internal ---

/** Most are the same to the letter; taking every text apart would take as long as all the rest of `status`. */
function isSameText(a: string, b: string): boolean {
  return a === b || tokensOf(a).join(" ") === tokensOf(b).join(" ");
}

function closing(tokens: readonly string[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (tokens[at] === "(") depth++;
    else if (tokens[at] === ")" && --depth === 0) return at;
  }
  return tokens.length;
}

/** DEFINER = `name` @ `host` */
function definerAmong(tokens: readonly string[]): string | undefined {
  const at = tokens.findIndex((token) => token.toUpperCase() === "DEFINER");
  if (at < 0) return undefined;
  return tokens
    .slice(at + 2)
    .join("")
    .replaceAll(/[`']/g, "");
}

/** The servers put the words of sql_mode into an order of their own. */
function sortedMode(mode: string): string {
  return mode.split(",").toSorted().join(",");
}
