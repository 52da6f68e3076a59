import type { SettleResult } from "../../migrate/settle.ts";
import type { Paint } from "../output.ts";

const verbs = { accept: "Accept", forget: "Forget" } as const;
const done = { accept: "accepted", forget: "forgotten" } as const;

/** "Forget 2025_05_05_our_fork in ispyb on MariaDB 10.11.19 (its record …)?" */
export function settleQuestion({ name, how, what, database, server }: SettleResult): string {
  return `${verbs[how]} ${name} in ${database} on ${server.dialect.product} (${what})?`;
}

export function settleText({ name, how }: SettleResult, paint: Paint): string {
  return `${paint("green", done[how])}: ${name}; the journal keeps your reason, and the schema was not changed`;
}
