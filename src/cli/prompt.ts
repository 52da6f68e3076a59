import { MigrateError } from "../errors.ts";
import type { Options } from "../options.ts";
import type { Surroundings } from "./surroundings.ts";

type Terminal = Pick<Surroundings, "stdin" | "stderr">;

/** Whether questions can be asked. They go to stderr, because stdout is the result. */
export function canAsk(options: Options, { stdin, stderr }: Terminal): boolean {
  return !options.json && stdin.isTTY === true && stderr.isTTY === true;
}

/** Returns if the answer is yes. Throws DECLINED, NO_TERMINAL or INTERRUPTED. */
export async function confirm(question: string, options: Options, terminal: Terminal): Promise<void> {
  if (options.yes) return;
  if (!canAsk(options, terminal)) {
    throw new MigrateError("NO_TERMINAL", "a question needs an answer, but there is no terminal", {
      wanted: `an answer to: ${question}`,
      done: "nothing was changed",
      next: "add --yes to answer in advance",
    });
  }
  const { isCancel, text } = await import("@clack/prompts");
  // A whole word and Enter: a stray key must not start an upgrade.
  const answer = await untilEnd(terminal, (streams) =>
    text({ message: `${question} Type yes or no`, validate: yesOrNo, ...streams }),
  );
  if (isCancel(answer)) throw leftAtQuestion();
  if (!isYes(answer)) throw new MigrateError("DECLINED", "the answer was no", { done: "nothing was changed" });
}

/** The password of an account, typed unseen. Throws INTERRUPTED. */
export async function askPassword(account: string, terminal: Terminal): Promise<string> {
  const { isCancel, password } = await import("@clack/prompts");
  const answer = await untilEnd(terminal, (streams) => password({ message: `Password of ${account}`, ...streams }));
  if (isCancel(answer)) throw leftAtQuestion();
  return answer ?? "";
}

// --- internal ---

interface PromptStreams {
  readonly input: Terminal["stdin"];
  readonly output: Terminal["stderr"];
  readonly signal: AbortSignal;
}

function yesOrNo(answer: string | undefined): string | undefined {
  return isYes(answer) || /^\s*no?\s*$/i.test(answer ?? "") ? undefined : "please type yes or no";
}

/** No is no, however short. Yes is the whole word. */
function isYes(answer: string | undefined): boolean {
  return /^\s*yes\s*$/i.test(answer ?? "");
}

/** Ctrl-D ends the input without an answer; the prompts themselves would wait forever. */
async function untilEnd<T>({ stdin, stderr }: Terminal, ask: (streams: PromptStreams) => Promise<T>): Promise<T> {
  const ended = new AbortController();
  const onKey = (_text: string | undefined, key: { ctrl?: boolean; name?: string } | undefined) => {
    if (key?.ctrl && key.name === "d") ended.abort();
  };
  const onEnd = () => ended.abort();
  stdin.on("keypress", onKey).once("end", onEnd);
  try {
    return await ask({ input: stdin, output: stderr, signal: ended.signal });
  } finally {
    stdin.off("keypress", onKey).off("end", onEnd);
  }
}

function leftAtQuestion(): MigrateError {
  return new MigrateError("INTERRUPTED", "cancelled at the question", { done: "nothing was changed" });
}
