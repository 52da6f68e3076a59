import { MigrateError } from "../errors.ts";
import type { Options } from "../options.ts";
import { interrupted } from "./interrupt.ts";

/** Whether somebody is there to answer. Questions go to stderr, stdout being the result. */
export function canAsk(options: Options): boolean {
  return !options.json && process.stdin.isTTY && process.stderr.isTTY;
}

/** Returns where the answer is yes. Throws DECLINED, NO_TERMINAL or INTERRUPTED. */
export async function confirm(question: string, options: Options): Promise<void> {
  if (options.yes) return;
  if (!canAsk(options)) {
    throw new MigrateError("NO_TERMINAL", "a question has to be answered, and nobody is there to answer it", {
      wanted: question,
      done: "nothing was changed",
      next: "add --yes where the answer is known",
    });
  }
  const { confirm: ask, isCancel } = await import("@clack/prompts");
  const answer = await ask({ message: question, initialValue: false, input: process.stdin, output: process.stderr });
  if (isCancel(answer)) throw interrupted("Ctrl-C at the question");
  if (!answer) throw new MigrateError("DECLINED", "the answer was no", { done: "nothing was changed" });
}

/** The password of an account, typed unseen. Throws INTERRUPTED. */
export async function askPassword(account: string): Promise<string> {
  const { password: ask, isCancel } = await import("@clack/prompts");
  const answer = await ask({ message: `Password of ${account}`, input: process.stdin, output: process.stderr });
  if (isCancel(answer)) throw interrupted("Ctrl-C at the question");
  return answer ?? "";
}
