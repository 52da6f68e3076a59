import type { Dialect } from "../dialect/dialect.ts";
import { onlineFor } from "../dialect/online-for.ts";
import { alterTableSql } from "../dialect/render.ts";
import { type Online, type Table, findTable } from "../model.ts";
import { type Facts, type Statement, mustFindTable } from "./contract.ts";

/** Algorithm and lock to add, drop or rename indexes and foreign keys of this table. */
export function onlineForKeys(table: Table, dialect: Dialect): Online {
  return onlineFor("keys", dialect.can.withoutRebuild, table, dialect);
}

/** An ALTER TABLE of foreign keys; the parent's metadata is locked, too. `name` is the table's name as the step spells it. */
export function alterForeignKeys(name: string, parent: string, clause: string, { catalog, dialect }: Facts): Statement {
  const online = onlineForKeys(mustFindTable(findTable(catalog, name), name), dialect);
  return {
    sql: alterTableSql(name, clause, online),
    online,
    locks: [...new Set([name, parent])],
    ...(online.algorithm === "COPY" ? { reads: name, rebuilds: true } : {}),
  };
}
