import { MigrateError } from "../../errors.ts";
import type { CommandContext } from "../context.ts";

/** Handed over by the first word; `seed` alone needs no database, and is src/cli/seed/list.ts. */
export async function run(context: CommandContext): Promise<number> {
  const [word] = context.args;
  if (word === "generate") return (await import("../seed/generate.ts")).run(context);
  if (context.options["random-seed"] !== undefined) {
    throw new MigrateError("USAGE", "--random-seed belongs to seed generate", {
      done: "nothing was changed",
      next: "ispyb-migrate seed generate N --random-seed M",
    });
  }
  const command = word === "remove" ? await import("../seed/remove.ts") : await import("../seed/load.ts");
  return command.run(context);
}
