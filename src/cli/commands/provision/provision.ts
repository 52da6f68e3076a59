import type { CommandContext } from "../../command-context.ts";

/** The first word decides. */
export async function run(context: CommandContext): Promise<number> {
  const command = context.args[0] === "remove" ? import("./remove.ts") : import("./make.ts");
  return (await command).run(context);
}
