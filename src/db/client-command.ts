import { anyClient } from "../dialect/names.ts";
import type { Target } from "./db.ts";

/** A word as a shell takes it unchanged. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command of the stock client that tries the same connection; it asks for the password itself. */
export function clientCommand(target: Target, sql: string, database = target.database): string {
  const place =
    target.socket === undefined
      ? [`--host=${target.host}`, `--port=${target.port}`, "--protocol=tcp"]
      : [`--socket=${target.socket}`];
  // The clients of the two vendors do not share a spelling for TLS modes.
  const tls = target.tls.mode === "preferred" ? "" : `   # with ${target.tls.mode} TLS`;
  const words = [anyClient, ...place, `--user=${target.user}`, "--password"].map(shellWord);
  return [...words, `--execute=${shellWord(sql)}`, ...(database === "" ? [] : [shellWord(database)])].join(" ") + tls;
}
