import type { Db } from "../db/db.ts";
import type { JournalWriter } from "../run/journal-writer.ts";
import { isRepeatable } from "../state/repeatable-names.ts";
import type { Skip } from "../state/skips.ts";
import { allowSkipped } from "../state/tables.ts";

export async function writeSkip(db: Db, journal: JournalWriter, { names, reason }: Skip): Promise<void> {
  if (reason !== undefined) await db.run(allowSkipped);
  for (const name of names) {
    if (reason === undefined) await journal.forgetRow(name, 0);
    else {
      const what = isRepeatable(name) ? "skipped" : "migration";
      const previous = JSON.stringify({ reason });
      await journal.writeRow({ migration: name, step: 0, what, state: "skipped", checksum: "", previous });
    }
  }
}
