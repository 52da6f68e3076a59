import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { LocalContext } from "../../command-context.ts";

/** Exit codes of a shell for a program that it cannot run. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

/**
 * Runs the program in the terminal of this one, with these variables, and gives its exit code; as a shell does, 128
 * and the signal's number if a signal ended it. A signal to us goes on to the program, and we wait for its end.
 */
export function runProgram(
  [file = "", ...args]: readonly string[],
  variables: Readonly<Record<string, string>>,
  { cwd, env, interrupt, out }: LocalContext,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, env: { ...env, ...variables }, stdio: "inherit" });
    const pass = () => {
      // In a terminal, Ctrl-C goes to the program as well as to us: it would come twice.
      if (interrupt.signal !== "SIGINT" || out.terminal === undefined) child.kill(interrupt.signal);
    };
    interrupt.stop.addEventListener("abort", pass, { once: true });
    if (interrupt.stop.aborted) pass();
    child.once("error", (cause: NodeJS.ErrnoException) => {
      out.note(`${file} cannot be run: ${cause.message}`);
      resolve(cause.code === "ENOENT" ? NOT_FOUND : NOT_EXECUTABLE);
    });
    child.once("close", (code, signal) => {
      interrupt.stop.removeEventListener("abort", pass);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
