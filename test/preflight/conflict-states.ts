/** What facilities did to a database before its first `up`, so that something is in the way of a migration. */
import type { TestDatabase } from "../support/servers.ts";
import { columnConflicts } from "./column-conflicts.ts";
import type { ConflictState } from "./conflict-state.ts";
import { tableConflicts } from "./table-conflicts.ts";

export const conflictStates: readonly ConflictState[] = [...tableConflicts, ...columnConflicts];

/** Brings a fresh database into this state; `after` is for the caller. */
export async function bring(db: TestDatabase, { sql, withoutKeys }: ConflictState): Promise<void> {
  const keys =
    withoutKeys === undefined
      ? []
      : await db.query<{ child: string; name: string }>(
          "SELECT DISTINCT TABLE_NAME AS child, CONSTRAINT_NAME AS name FROM information_schema.KEY_COLUMN_USAGE " +
            "WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IS NOT NULL AND ? IN (TABLE_NAME, REFERENCED_TABLE_NAME)",
          [withoutKeys],
        );
  for (const { child, name } of keys) await db.query(`ALTER TABLE ${child} DROP FOREIGN KEY ${name}`);
  for (const statement of sql) await db.query(statement);
}
