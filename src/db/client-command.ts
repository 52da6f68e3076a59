import { anyClient } from "../dialect/unknown-server.ts";
import { shellWord } from "../shell-word.ts";
import type { Target } from "./db.ts";

/** A command of the stock client for the same connection; it prompts for the password. */
export function clientCommand(target: Target, sql: string, database = target.database): string {
  const place =
    target.socket === undefined
      ? [`--host=${target.host}`, `--port=${target.port}`, "--protocol=tcp"]
      : [`--socket=${target.socket}`];
  // The clients of MariaDB and MySQL spell TLS modes differently.
  const tls = target.tls.mode === "preferred" ? "" : `   # with ${target.tls.mode} TLS`;
  const words = [anyClient, ...place, `--user=${target.user}`, "--password"].map(shellWord);
  return [...words, `--execute=${shellWord(sql)}`, ...(database === "" ? [] : [shellWord(database)])].join(" ") + tls;
}
