import type { JournalWriter } from "../../run/journal-writer.ts";
import type { Run } from "../../run/run.ts";
import type { RowSaver } from "./save-rows.ts";

/** What a step is undone with. */
export interface Undoing {
  readonly run: Run;
  readonly journal: JournalWriter;
  readonly rowSaver: RowSaver;
}
