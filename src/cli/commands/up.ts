import { loadMigrations } from "../../migrate/load.ts";
import type { Progress } from "../../migrate/run.ts";
import { up } from "../../migrate/up.ts";
import type { CommandContext } from "../context.ts";
import { outlineText, question } from "../views/outline.ts";
import { upJson, upText } from "../views/up.ts";

export async function run({ confirm, connect, interrupt, options, out }: CommandContext): Promise<number> {
  const migrations = await loadMigrations();
  using held = new DisposableStack();
  const result = await up({
    connect,
    migrations,
    signals: interrupt,
    progress: (event) => out.note(progressLine(event)),
    async confirm(plan) {
      if (!options.json) out.note(outlineText(plan, out.paintNote));
      await confirm(question(plan));
      // From here on a signal stops between two statements, not in the middle of one.
      held.use(interrupt.hold());
    },
  });
  out.result({ document: upJson(result), text: upText(result, out.paintResult) });
  return 0;
}

function progressLine(event: Progress): string {
  switch (event.kind) {
    case "waiting":
      return `  … waiting: ${event.reason}`;
    case "migration":
      return event.name;
    case "running":
      return `  … ${event.title}`;
    case "warning":
      return `    the server warns: ${event.text}`;
    case "done":
      return `  ✓ ${event.title} (${event.seconds.toFixed(2)} s)`;
    case "found":
      return [`  = ${event.title}: already there`, ...event.notices.map((notice) => `      ${notice}`)].join("\n");
  }
}
