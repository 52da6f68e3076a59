import { MigrateError } from "../../../errors.ts";
import { type Hint, hint } from "../../../hint.ts";
import type { CommandContext } from "../../command-context.ts";

/** The first word decides. `seed` alone needs no database: src/cli/commands/seed/list.ts. */
export async function run(context: CommandContext): Promise<number> {
  const [word] = context.args;
  if (word === "generate") {
    assertNoneGiven(context, ["file", "use"], "does not apply to `seed generate`", generating);
    return (await import("./generate.ts")).run(context);
  }
  assertNoneGiven(context, ["random-seed"], "applies only to `seed generate`", generating);
  if (word !== "remove") return (await import("./load.ts")).run(context);
  // With one of these, a user may expect that only a part is deleted, but all rows of the story would be.
  assertNoneGiven(context, ["file", "use", "at"], "does not apply to `seed remove`", removing);
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
