/** What takes a repeatable back, by its row in the journal alone: its file may be gone. */
import type { Db } from "../../db/db.ts";
import type { Statement } from "../../steps/contract.ts";
import type { Entry } from "../journal.ts";
import { undoGrants } from "./grants.ts";
import { undoProcedure } from "./procedures.ts";
import type { RepeatContext } from "./survey.ts";
import { undoSchemaStatus } from "./schema-status.ts";

/** As much of an entry as it takes. */
export type Recorded = Pick<Entry, "migration" | "state" | "checksum" | "previous">;

/** Throws CONFLICT where it is no longer as it was made. */
export async function undoRepeatable(
  db: Db,
  entry: Recorded,
  context: Pick<RepeatContext, "server">,
): Promise<Statement[]> {
  const [kind] = entry.migration.split("/");
  if (kind === "procedures") return undoProcedure(db, entry, context);
  if (kind === "grants") return undoGrants(db, entry, context);
  if (kind === "SchemaStatus") return undoSchemaStatus(entry);
  throw new Error(`the journal has a row of an unknown kind: ${entry.migration}`);
}
