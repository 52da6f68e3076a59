/** Undoes a repeatable from its journal row alone: its file may no longer exist. */
import type { Db } from "../db/db.ts";
import type { Recorded } from "../state/previous.ts";
import { kindOf } from "../state/repeatable-names.ts";
import type { RepeatableContext } from "./context.ts";
import { undoGrants } from "./grants.ts";
import { undoProcedure } from "./procedures/undo.ts";
import type { RepeatableUndo } from "./repeatable.ts";
import { undoSchemaStatus } from "./schema-status.ts";

/** Throws CONFLICT if it was changed since it was created. */
export async function undoRepeatable(
  db: Db,
  entry: Recorded,
  context: Pick<RepeatableContext, "entries" | "server">,
): Promise<RepeatableUndo> {
  switch (kindOf(entry.migration)) {
    case "procedures":
      return undoProcedure(db, entry, context);
    case "grants":
      return undoGrants(db, entry, context);
    case "SchemaStatus":
      return undoSchemaStatus(entry);
    case undefined:
      throw new Error(`the journal has a row of an unknown kind: ${entry.migration}`);
  }
}
