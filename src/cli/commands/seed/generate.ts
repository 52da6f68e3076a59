import { generateDocument } from "../../../documents/generate.ts";
import { hint } from "../../../hint.ts";
import { generate } from "../../../seed/generate/generate.ts";
import type { CommandContext } from "../../command-context.ts";
import { progressBar } from "../../progress-bar.ts";
import { generateQuestion, generatedText } from "../../views/generate.ts";
import { invalidArgument } from "./story-options.ts";
import { writingOptions } from "./writing.ts";

export async function run(context: CommandContext): Promise<number> {
  const { args, confirm, interrupt, options, out, target } = context;
  const jobs = readJobs(args.slice(1));
  const randomSeed = readRandomSeed(options["random-seed"] ?? "1");
  const writing = await writingOptions(context);
  await using bar = await progressBar("jobs", out, interrupt.stop);
  const result = await generate({
    ...writing,
    jobs,
    randomSeed,
    progress: (event) => (event.kind === "counted" ? bar.show(event.done, event.of) : writing.progress(event)),
    async confirm(server, plan) {
      await confirm(generateQuestion({ server, catalog: target }, plan));
      // From here on a signal stops between two transactions.
      interrupt.hold();
    },
  });
  out.result({ document: generateDocument(result), text: generatedText(result, out.paintResult, out.caller) });
  return 0;
}

// --- internal ---

/** More than any facility has: a typing error. */
const MOST = 100_000_000;

const example = hint("seed", { args: ["generate", "N"], options: { "random-seed": "M" } });

function readJobs(words: readonly string[]): number {
  const [word = "nothing"] = words;
  if (words.length === 1 && /^[1-9]\d{0,8}$/.test(word) && Number(word) <= MOST) return Number(word);
  const given = words.join(" ") || "no number";
  throw invalidArgument("seed generate needs the number of jobs", given, `a number from 1 to ${MOST}`, example);
}

function readRandomSeed(word: string): number {
  if (/^(?:0|[1-9]\d{0,9})$/.test(word) && Number(word) < 2 ** 32) return Number(word);
  throw invalidArgument("invalid value for --random-seed", word, `a whole number from 0 to ${2 ** 32 - 1}`, example);
}
