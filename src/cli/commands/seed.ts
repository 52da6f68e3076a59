import type { CommandContext } from "../context.ts";

/** Handed over by the first word; `seed` alone needs no database, and is src/cli/seed/list.ts. */
export async function run(context: CommandContext): Promise<number> {
  const isRemoving = context.args[0] === "remove";
  const command = isRemoving ? await import("../seed/remove.ts") : await import("../seed/load.ts");
  return command.run(context);
}
