import type { Notice } from "../migrate/notices.ts";
import type { Caller } from "./caller.ts";
import { formatHint } from "./format-hint.ts";

/** "skipped: NAME, because: WHY (`ispyb-migrate up --unskip NAME` makes it)" */
export function formatNotice({ what, hint }: Notice, caller: Caller): string {
  if (hint === undefined) return what;
  if (typeof hint === "string") return `${what}; to change that, run: ${hint}`;
  const { note, ...command } = hint;
  return `${what} (${[`\`${formatHint(command, caller)}\``, ...(note === undefined ? [] : [note])].join(" ")})`;
}

/** "this account cannot see …; GRANT …;", in one line. */
export function formatNotVisible({ next, problem }: { readonly problem: string; readonly next: string }): string {
  return `${problem}; ${next.replaceAll("\n", " ")}`;
}
