import { loadMigrations } from "../../migrate/load.ts";
import { up } from "../../migrate/up.ts";
import type { CommandContext } from "../context.ts";
import { outlineText, question } from "../views/outline.ts";
import { progressLine } from "../views/progress.ts";
import { upJson, upText } from "../views/up.ts";

export async function run({ confirm, connect, interrupt, options, out }: CommandContext): Promise<number> {
  const migrations = await loadMigrations();
  const result = await up({
    connect,
    migrations,
    ...(options.to === undefined ? {} : { to: options.to }),
    repair: options.repair,
    allowLate: options["allow-late"],
    signals: interrupt,
    progress: (event) => out.note(progressLine(event)),
    async confirm(plan) {
      if (!options.json) out.note(outlineText(plan, options.repair, out.paintNote));
      await confirm(question(plan, options.repair));
      // From here on a signal stops between two statements, not in the middle of one.
      interrupt.hold();
    },
  });
  out.result({ document: upJson(result), text: upText(result, out.paintResult) });
  return 0;
}
