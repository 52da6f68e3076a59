import { MigrateError } from "../../../errors.ts";
import { hint } from "../../../hint.ts";
import type { OptionName } from "../../../options.ts";
import type { LocalContext } from "../../command-context.ts";

/** The first word decides; without one of these words, a sandbox is started. */
const words = {
  list: () => import("./list.ts"),
  stop: () => import("./stop.ts"),
  reset: () => import("./reset.ts"),
  check: () => import("./check.ts"),
  pack: () => import("./pack.ts"),
} as const;

/** What a sandbox is started with, and what `pack` makes a template of. */
const contentOptions = ["server", "base", "at"] as const satisfies readonly OptionName[];

export async function run(context: LocalContext): Promise<number> {
  const [word = ""] = context.args;
  if (!isWord(word)) return (await import("./start.ts")).run(context);
  const refused = ["workers", "detach", "template", ...(word === "pack" ? [] : contentOptions)] as const;
  assertNoneGiven(context, refused, word);
  if (context.program.length > 0) throw notTaken(word, "a command after --");
  return (await words[word]()).run(context);
}

// --- internal ---

function isWord(word: string): word is keyof typeof words {
  return Object.hasOwn(words, word);
}

function assertNoneGiven(
  { options }: LocalContext,
  names: readonly ("workers" | "detach" | "template" | (typeof contentOptions)[number])[],
  word: string,
): void {
  const given = names.find((name) => options[name] !== undefined && options[name] !== false);
  if (given !== undefined) throw notTaken(word, `--${given}`);
}

function notTaken(word: string, what: string): MigrateError {
  return new MigrateError("USAGE", `sandbox ${word} does not take ${what}`, {
    done: "nothing was changed",
    next: hint("sandbox", { args: ["--help"] }),
  });
}
