/** kill -9 of the tool at a moment of its run. */
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Started } from "../cli/spawn-cli.ts";

export interface Moment {
  /** A line of its progress, from 1. */
  readonly line: number;
  /** Milliseconds after it. */
  readonly later: number;
}

/** Returns the exit code; null if the kill came in time. */
export async function killAt({ child, ended }: Started, { later, line }: Moment): Promise<number | null> {
  let seen = 0;
  for await (const _ of createInterface({ input: child.stderr ?? process.stdin })) {
    if (++seen < line) continue;
    await sleep(later);
    child.kill("SIGKILL");
    break;
  }
  return (await ended).exit;
}
