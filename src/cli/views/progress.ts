import { counted } from "../../plural.ts";
import type { Progress } from "../../run/run.ts";

/** Progress of a run: one line per event. */
export function progressLine(event: Progress): string {
  switch (event.kind) {
    case "waiting":
      return `  … waiting: ${event.reason}`;
    case "section":
      return event.name;
    case "running":
      return `  … ${event.title}`;
    case "warning":
      return `    the server warns: ${event.text}`;
    case "note":
      return `  note: ${event.text}`;
    case "done":
      return `  ✓ ${event.title} (${event.seconds.toFixed(2)} s)`;
    case "adopted":
      return [`  = ${event.title}: ${event.how}`, ...event.notices.map((notice) => `      ${notice}`)].join("\n");
    case "saved":
      return `  ↓ saved to ${event.path}: ${counted(event.rows, event.what)}`;
    case "forgotten":
      return `  = ${event.title}: only its journal entry was deleted`;
    case "counted":
      return `  … ${event.done.toLocaleString("en")} of ${event.of.toLocaleString("en")}`;
  }
}
