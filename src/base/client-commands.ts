/** Words that the stock client of either vendor does not send to the server, but acts on. */
import type { ClientCommand } from "./script-part.ts";

/** Commands only if nothing follows. */
const alone = ["clear", "edit", "ego", "exit", "go", "nopager", "notee", "print", "quit", "rehash", "status"];
const alsoAlone = ["warnings", "nowarning", "sandbox", "resetconnection", "ssl_session_data_print"];
/** Commands with and without more. */
const withMore = ["?", "help", "connect", "charset", "pager", "prompt", "source", "system", "tee", "query_attributes"];
/** A DELIMITER line never comes here: what does is one that the client would take as part of a statement. */
const delimiter = "delimiter";

const everywhere = new Set([...withMore, delimiter]);
const single = new Set([...alone, ...alsoAlone]);

/** Characters of a text that are looked at, and shown. */
const SHOWN = 200;

/** The command at the beginning of this text. `USE` is none: the server knows it as well (src/base/databases.ts). */
export function clientCommand(text: string, line: number): ClientCommand | undefined {
  const [shown = ""] = text.slice(0, SHOWN).trim().split("\n");
  const [word = ""] = shown.split(/[ \t]/);
  const name = word.toLowerCase();
  const known = everywhere.has(name) || (single.has(name) && shown.length === word.length);
  return known ? { line, text: shown } : undefined;
}

/** The delimiter that this line sets; undefined if it sets none. */
export function delimiterOf(line: string): string | undefined {
  const [, rest] = /^[ \t\v\f\r]*delimiter[ \t]+([^ \t\n][^\n]*)/i.exec(line) ?? [];
  if (rest === undefined) return undefined;
  const quoted = /^(["'`])([^"'`]+)\1/.exec(rest)?.[2];
  // The client keeps fifteen characters.
  return (quoted ?? rest.split(/\s/)[0] ?? "").slice(0, 15);
}
