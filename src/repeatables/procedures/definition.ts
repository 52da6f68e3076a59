/** A CREATE PROCEDURE, ours or the server's, taken apart for comparison. */
import { createHash } from "node:crypto";
import type { Difference } from "../../catalog/difference.ts";
import { tokensBefore, tokensOf } from "./tokens.ts";

export interface Definition {
  /** `name@host` without quotes; undefined if the text names none. */
  readonly definer?: string;
  readonly parameters: readonly string[];
  readonly security: "DEFINER" | "INVOKER";
  /** READS SQL DATA, MODIFIES SQL DATA, NO SQL or CONTAINS SQL. */
  readonly access: string;
  /** The text from BEGIN on, unchanged. */
  readonly body: string;
}

/** Undefined if the text is not a CREATE PROCEDURE with BEGIN … END. */
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

/** Differences between a live procedure and the wanted one; the definer counts only if one is wanted. `isGone`: it does not exist. */
export function compareDefinitions(
  name: string,
  live: Definition & { readonly sqlMode: string },
  wanted: Definition & { readonly sqlMode: string },
  isGone: boolean,
): Difference[] {
  const differences: Difference[] = [];
  const compare = (aspect: string, actual: string, expected: string) => {
    if (actual !== expected) differences.push({ part: "procedure", object: name, aspect, found: actual, expected });
  };
  for (const [aspect, actual, expected] of compareParameters(live.parameters, wanted.parameters))
    compare(aspect, actual, expected);
  if (!isSameText(live.body, wanted.body)) {
    differences.push({
      part: "procedure",
      object: name,
      aspect: "body",
      found: "a text that differs from this tool's",
      expected: "the text of this tool",
    });
  }
  compare("data access", live.access, wanted.access);
  compare("SQL SECURITY", live.security, wanted.security);
  compare("sql_mode", sortedMode(live.sqlMode), sortedMode(wanted.sqlMode));
  if (wanted.definer !== undefined) compare(isGone ? "absent DEFINER" : "DEFINER", live.definer ?? "", wanted.definer);
  return differences;
}

/** Stored with every checksum. An algorithm is never changed; a new one gets a new name. */
const algorithm = "procedure-1";

/** The checksum, and the one without a definer. */
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

/** Most texts are identical; splitting every text into tokens would take as long as the rest of `status`. */
function isSameText(a: string, b: string): boolean {
  return a === b || tokensOf(a).join(" ") === tokensOf(b).join(" ");
}

/** The parameters that differ, each with its form here and the wanted one; their order, if nothing more differs. */
function compareParameters(live: readonly string[], wanted: readonly string[]): [string, string, string][] {
  if (live.join(" ") === wanted.join(" ")) return [];
  const [there, ours] = [parametersOf(live), parametersOf(wanted)];
  const names = [...new Set([...ours.keys(), ...there.keys()])];
  const forms = names.map((name): [string, string, string] => [
    `parameter ${name}`,
    there.get(name) ?? NO_PARAMETER,
    ours.get(name) ?? NO_PARAMETER,
  ]);
  const differing = forms.filter(([, actual, expected]) => actual !== expected);
  const order = (of: ReadonlyMap<string, string>) => [...of.keys()].join(", ");
  return differing.length > 0 ? differing : [["order of parameters", order(there), order(ours)]];
}

const NO_PARAMETER = "no such parameter";

/** Direction and type by the parameter's name: "IN varchar(50)". */
function parametersOf(tokens: readonly string[]): Map<string, string> {
  const list: string[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    depth += token === "(" ? 1 : token === ")" ? -1 : 0;
    if (token === "," && depth === 0) list.push([]);
    else list.at(-1)?.push(token);
  }
  return new Map(
    list.map((words) => {
      const at = /^(?:in|out|inout)$/i.test(words[0] ?? "") ? 1 : 0;
      const form = [...words.slice(0, at), ...words.slice(at + 1)].join(" ");
      return [
        words[at] ?? "",
        form
          .replaceAll(/ ?\( ?/g, "(")
          .replaceAll(" )", ")")
          .replaceAll(" ,", ","),
      ];
    }),
  );
}

function closing(tokens: readonly string[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (tokens[at] === "(") depth++;
    else if (tokens[at] === ")" && --depth === 0) return at;
  }
  return tokens.length;
}

/** DEFINER = `name` @ `host`; in double quotes under ANSI_QUOTES. */
function definerAmong(tokens: readonly string[]): string | undefined {
  const at = tokens.findIndex((token) => token.toUpperCase() === "DEFINER");
  if (at < 0) return undefined;
  return tokens
    .slice(at + 2)
    .join("")
    .replaceAll(/[`'"]/g, "");
}

/** Servers return the words of sql_mode in their own order. */
function sortedMode(mode: string): string {
  return mode.split(",").toSorted().join(",");
}
