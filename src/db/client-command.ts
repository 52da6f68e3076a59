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
  const tls = target.tls.mode === "preferred" ? [] : [`--ssl-mode=${target.tls.mode.replace("-", "_").toUpperCase()}`];
  const words = ["mysql", ...place, `--user=${target.user}`, "--password", ...tls].map(shellWord);
  return [...words, `--execute=${shellWord(sql)}`, ...(database === "" ? [] : [shellWord(database)])].join(" ");
}
