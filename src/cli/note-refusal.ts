import { formatNext } from "../documents/format-hint.ts";
import { type MigrateError, asList } from "../errors.ts";
import type { Output } from "./output.ts";

/** Why the command that was planned would refuse now, and what to do about it. */
export function noteRefusal(command: "up" | "down", { details, message }: MigrateError, out: Output): void {
  const next = asList(details.next).map((each) => `  next  ${formatNext(each, out.caller)}`);
  out.warning([`note: \`${command}\` would refuse now: ${message}`, ...next].join("\n"));
}
