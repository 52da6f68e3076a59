/** What takes a repeatable back, by its row in the journal alone: its file may be gone. */
import type { Db } from "../../db/db.ts";
import type { Statement } from "../../steps/contract.ts";
import { undoGrants } from "./grants.ts";
import { kindOf } from "./names.ts";
import { undoProcedure } from "./procedure-undo.ts";
import type { Recorded } from "./recorded.ts";
import { undoSchemaStatus } from "./schema-status.ts";
import type { RepeatContext } from "./survey.ts";

export interface RepeatUndo {
  /** None where it is gone already. */
  readonly statements: readonly Statement[];
  /** What has to survive: see Change.keep. */
  readonly keep?: Readonly<Record<string, unknown>>;
  /** Privileges on the database, beyond those of every `down`. */
  readonly needs?: readonly string[];
  readonly definers?: readonly string[];
}

/** Throws CONFLICT where it is no longer as it was made. */
export async function undoRepeatable(
  db: Db,
  entry: Recorded,
  context: Pick<RepeatContext, "entries" | "server">,
): Promise<RepeatUndo> {
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
