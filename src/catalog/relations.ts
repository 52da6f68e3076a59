/** Which tables have foreign keys to which others: of the whole database, because any of them decides who waits. */
import type { Db } from "../db/db.ts";
import type { Catalog } from "../model.ts";

export interface Relation {
  readonly child: string;
  readonly parent: string;
  /** An UPDATE or DELETE of the parent may change rows of the child. */
  readonly cascades: boolean;
}

/** The foreign keys between tables of the connected database. An account with SELECT alone does not see their rules. */
export async function readRelations(db: Db): Promise<Relation[]> {
  const keys = await db.rows<{ name: string; child: string; parent: string }>(
    "SELECT DISTINCT CONSTRAINT_NAME AS name, TABLE_NAME AS child, REFERENCED_TABLE_NAME AS parent " +
      "FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_SCHEMA = DATABASE() ORDER BY 2, 1",
  );
  const rules = await db.rows<{ name: string; child: string; onDelete: string; onUpdate: string }>(
    "SELECT CONSTRAINT_NAME AS name, TABLE_NAME AS child, DELETE_RULE AS onDelete, UPDATE_RULE AS onUpdate " +
      "FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()",
  );
  const known = new Map(rules.map((rule) => [`${rule.child} ${rule.name}`, rule]));
  return keys.map(({ child, name, parent }) => {
    const rule = known.get(`${child} ${name}`);
    const isPassive = rule !== undefined && isKeeping(rule.onDelete) && isKeeping(rule.onUpdate);
    return { child, parent, cascades: !isPassive };
  });
}

/** The same of tables that were read, or that a plan makes. */
export function relationsOf({ tables }: Catalog): Relation[] {
  return Object.values(tables).flatMap(({ foreignKeys, name: child }) =>
    foreignKeys.flatMap(({ onDelete, onUpdate, parent }) =>
      parent.database === undefined
        ? [{ child, parent: parent.table, cascades: !isKeeping(onDelete) || !isKeeping(onUpdate) }]
        : [],
    ),
  );
}

// --- internal ---

function isKeeping(rule: string): boolean {
  return rule === "RESTRICT" || rule === "NO ACTION";
}
