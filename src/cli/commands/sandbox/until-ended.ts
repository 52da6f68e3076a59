import { setTimeout as pause } from "node:timers/promises";
import { MigrateError } from "../../../errors.ts";
import { hint } from "../../../hint.ts";
import { isRunning } from "../../../sandbox/running.ts";
import type { Sandbox } from "../../../sandbox/sandbox.ts";
import type { LocalContext } from "../../command-context.ts";

/** Milliseconds between two looks at the parent process: no event tells of its end. */
const LOOK = 250;

/** Waits for Ctrl-C, or for the end of the parent process. Throws SERVER_START if the server ends before. */
export async function untilEnded(sandbox: Sandbox, { interrupt, parent }: LocalContext): Promise<number> {
  const original = parent();
  const isOver = () => interrupt.stop.aborted || parent() !== original;
  while (!isOver()) {
    if (!(await isRunning(sandbox))) {
      throw new MigrateError("SERVER_START", "the sandbox's server has ended by itself", {
        where: sandbox.server,
        done: "its data are removed",
        next: hint("sandbox", { note: "starts another one" }),
      });
    }
    await pause(LOOK, undefined, { signal: interrupt.stop }).catch(() => {});
  }
  return 0;
}
