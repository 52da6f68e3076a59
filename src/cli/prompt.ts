import { MigrateError } from "../errors.ts";
import type { Options } from "../options.ts";

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
  const { isCancel, text } = await import("@clack/prompts");
  // A whole word and Enter: a stray key must not start an upgrade.
  const answer = await untilEnd((signal) =>
    text({ message: `${question} Type yes or no`, validate: yesOrNo, signal, ...terminal }),
  );
  if (isCancel(answer)) throw leftAtQuestion();
  if (answer !== "yes") throw new MigrateError("DECLINED", "the answer was no", { done: "nothing was changed" });
}

/** The password of an account, typed unseen. Throws INTERRUPTED. */
export async function askPassword(account: string): Promise<string> {
  const { isCancel, password } = await import("@clack/prompts");
  const answer = await untilEnd((signal) => password({ message: `Password of ${account}`, signal, ...terminal }));
  if (isCancel(answer)) throw leftAtQuestion();
  return answer ?? "";
}

// --- internal ---

const terminal = { input: process.stdin, output: process.stderr };

function yesOrNo(answer: string | undefined): string | undefined {
  return answer === "yes" || answer === "no" ? undefined : "yes or no, please";
}

/** Ctrl-D ends the input without an answer; the prompts themselves would wait for ever. */
async function untilEnd<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ended = new AbortController();
  const onKey = (_text: string | undefined, key: { ctrl?: boolean; name?: string } | undefined) => {
    if (key?.ctrl && key.name === "d") ended.abort();
  };
  const onEnd = () => ended.abort();
  process.stdin.on("keypress", onKey).once("end", onEnd);
  try {
    return await ask(ended.signal);
  } finally {
    process.stdin.off("keypress", onKey).off("end", onEnd);
  }
}

function leftAtQuestion(): MigrateError {
  return new MigrateError("INTERRUPTED", "left at the question", { done: "nothing was changed" });
}
