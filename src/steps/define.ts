/** Everything that a migration file imports. */
import type { Index } from "../model.ts";
import type { ColumnSpec, Step } from "./step.ts";

export { addColumn } from "./add-column.ts";
export { addEnumValue } from "./add-enum-value.ts";
export { addForeignKey } from "./add-foreign-key.ts";
export { addIndex } from "./add-index.ts";
export { changeColumn } from "./change-column.ts";
export { changeDeleteRule } from "./change-delete-rule.ts";
export { createTable } from "./create-table.ts";
export { fillNulls } from "./fill-nulls.ts";
export { insertRows } from "./insert-rows.ts";
export { leaveBehind } from "./leave-behind.ts";
export { runSql } from "./run-sql.ts";

export interface MigrationSource {
  /** Why a facility wants the migration, in one or two sentences; `plan` prints it. */
  readonly why: string;
  /** The script names that upstream records in SchemaStatus for the same change. */
  readonly upstream: readonly string[];
  readonly steps: readonly Step[];
}

export function migration(source: MigrationSource): MigrationSource {
  return source;
}

/** A column, nullable unless `more` says otherwise. */
export function column(name: string, type: string, more: Partial<Omit<ColumnSpec, "name" | "type">> = {}): ColumnSpec {
  return { name, type, nullable: true, ...more };
}

/** The auto-increment primary key column of ISPyB's tables. */
export function serial(name: string): ColumnSpec {
  return { name, type: "int unsigned", nullable: false, autoIncrement: true };
}

export function primary(...columns: readonly string[]): Index {
  return { name: "PRIMARY", kind: "primary", parts: columns.map((name) => ({ column: name })) };
}

export function key(name: string, ...columns: readonly string[]): Index {
  return { name, kind: "plain", parts: columns.map((each) => ({ column: each })) };
}

/** A foreign key to the parent's column of the same name. */
export function parent(table: string, name: string) {
  return { columns: [name], parent: { table, columns: [name] } };
}
