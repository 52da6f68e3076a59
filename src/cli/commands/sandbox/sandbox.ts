import { hint } from "../../../hint.ts";
import type { OptionName } from "../../../options.ts";
import type { LocalContext } from "../../command-context.ts";
import { assertNotGiven, notTaken } from "../../not-taken.ts";

/** The first word decides; without one of these words, a sandbox is started. */
const words = {
  list: () => import("./list.ts"),
  stop: () => import("./stop.ts"),
  reset: () => import("./reset.ts"),
  check: () => import("./check.ts"),
  pack: () => import("./pack.ts"),
} as const;

/** What a sandbox is started with, and what `pack` makes a template of. */
const contentOptions = ["server", "base", "migrations", "at"] as const satisfies readonly OptionName[];

const help = hint("sandbox", { args: ["--help"] });

export async function run(context: LocalContext): Promise<number> {
  const [word = ""] = context.args;
  if (!isWord(word)) return (await import("./start.ts")).run(context);
  const refused = ["workers", "detach", "template", ...(word === "pack" ? [] : contentOptions)] as const;
  assertNotGiven(context, refused, `sandbox ${word}`, help);
  if (context.program.length > 0) throw notTaken(`sandbox ${word}`, "a command after --", help);
  return (await words[word]()).run(context);
}

// --- internal ---

function isWord(word: string): word is keyof typeof words {
  return Object.hasOwn(words, word);
}
