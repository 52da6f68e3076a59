import { hint } from "../../../hint.ts";
import type { CommandContext } from "../../command-context.ts";
import { assertNotGiven } from "../../not-taken.ts";

/** The first word decides. `seed` alone needs no database: src/cli/commands/seed/list.ts. */
export async function run(context: CommandContext): Promise<number> {
  const [word] = context.args;
  if (word === "generate") {
    assertNotGiven(context, ["file", "use"], "seed generate", generating);
    return (await import("./generate.ts")).run(context);
  }
  assertNotGiven(context, ["random-seed"], word === "remove" ? "seed remove" : "seed STORY...", generating);
  if (word !== "remove") return (await import("./load.ts")).run(context);
  // With one of these, a user may expect that only a part is deleted, but all rows of the story would be.
  assertNotGiven(context, ["file", "use", "at"], "seed remove", removing);
  return (await import("./remove.ts")).run(context);
}

// --- internal ---

const generating = hint("seed", { args: ["generate", "N"], options: { "random-seed": "M" } });
const removing = hint("seed", { args: ["remove", "STORY..."] });
