/** Sandboxes with the data of failed tests end by age and number, because their data may be in memory. */
import { messageOf } from "../errors.ts";
import type { Description } from "./description.ts";
import { listSandboxes, stopSandbox } from "./running.ts";

/** Milliseconds. */
const LONGEST = 3 * 24 * 3600 * 1000;

const MOST = 3;

/** Stops sandboxes with kept databases that are old, or too many. */
export async function pruneKept(report: (line: string) => void): Promise<void> {
  for (const each of overdue(await listSandboxes(), Date.now())) {
    await stopSandbox(each).catch((error: unknown) => report(messageOf(error)));
  }
}

/** Those with kept databases that are too old, or older than the newest few; `sandboxes` has the oldest first. */
export function overdue(sandboxes: readonly Description[], now: number): Description[] {
  const kept = sandboxes.filter((each) => each.kept !== undefined);
  return kept.filter(({ started }, at) => at < kept.length - MOST || now - Date.parse(started) > LONGEST);
}
