import type { Db } from "../db/db.ts";
import type { Ledger } from "../run/journal-writer.ts";
import { isRepeatable } from "../state/repeatable-names.ts";
import type { Skip } from "../state/skips.ts";
import { allowSkipped } from "../state/tables.ts";

export async function writeSkip(db: Db, ledger: Ledger, { names, reason }: Skip): Promise<void> {
  if (reason !== undefined) await db.run(allowSkipped);
  for (const name of names) {
    if (reason === undefined) await ledger.forgetRow(name, 0);
    else {
      const what = isRepeatable(name) ? "skipped" : "migration";
      const previous = JSON.stringify({ reason });
      await ledger.writeRow({ migration: name, step: 0, what, state: "skipped", checksum: "", previous });
    }
  }
}
