import { upDocument } from "../../documents/up.ts";
import { loadAllMigrations } from "../../facility/load.ts";
import { up } from "../../migrate/up.ts";
import type { CommandContext } from "../command-context.ts";
import { progressLines } from "../progress-lines.ts";
import { upRequest } from "../up-request.ts";
import { outlineText, question } from "../views/outline.ts";
import { upText } from "../views/up.ts";

export async function run({ confirm, connect, cwd, interrupt, options, out }: CommandContext): Promise<number> {
  const migrations = await loadAllMigrations(options.migrations, cwd);
  const request = await upRequest(options, "up", cwd);
  const result = await up({
    ...request,
    connect,
    migrations,
    signals: interrupt,
    progress: progressLines(out),
    async confirm(plan) {
      await confirm(question(plan, request), outlineText(plan, request, out.paintNote, out.caller));
      // From here on a signal stops between two statements, not in the middle of one.
      interrupt.hold();
    },
  });
  const text = upText(result, request.skip, out.paintResult, out.caller);
  out.result({ document: upDocument(result, out.caller), text });
  return 0;
}
