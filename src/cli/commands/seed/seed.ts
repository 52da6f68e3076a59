import { MigrateError } from "../../../errors.ts";
import { type Hint, hint } from "../../../hint.ts";
import type { CommandContext } from "../../command-context.ts";

/** Handed over by the first word; `seed` alone needs no database, and is src/cli/commands/seed/list.ts. */
export async function run(context: CommandContext): Promise<number> {
  const [word] = context.args;
  if (word === "generate") {
    assertNoneGiven(context, ["file", "use"], "says nothing to seed generate", generating);
    return (await import("./generate.ts")).run(context);
  }
  assertNoneGiven(context, ["random-seed"], "belongs to seed generate", generating);
  if (word !== "remove") return (await import("./load.ts")).run(context);
  // Whoever says one of them may mean less than all that the story made, and all of that would go.
  assertNoneGiven(context, ["file", "use", "at"], "says nothing to seed remove", removing);
  return (await import("./remove.ts")).run(context);
}

// --- internal ---

const generating = hint("seed", { args: ["generate", "N"], options: { "random-seed": "M" } });
const removing = hint("seed", { args: ["remove", "STORY..."] });

type SeedOption = "random-seed" | "file" | "use" | "at";

function assertNoneGiven({ options }: CommandContext, names: readonly SeedOption[], why: string, next: Hint): void {
  const name = names.find((each) => options[each] !== undefined);
  if (name === undefined) return;
  throw new MigrateError("USAGE", `--${name} ${why}`, { done: "nothing was changed", next });
}
