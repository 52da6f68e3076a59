import type { Notice } from "../migrate/verify.ts";
import { formatHint } from "./format-hint.ts";

/** "skipped: NAME, because: WHY (`ispyb-migrate up --unskip NAME` makes it)" */
export function formatNotice({ what, hint }: Notice, program: string): string {
  if (hint === undefined) return what;
  const { note, ...command } = hint;
  return `${what} (${[`\`${formatHint(command, program)}\``, ...(note === undefined ? [] : [note])].join(" ")})`;
}
