/** Ways to a table or column of every ISPyB that this database lacks, the shortest first. */
import { addStatement, columnDefinitions, createStatement } from "../base/create-statement.ts";
import type { OwnBase } from "../base/base.ts";
import { type Catalog, type Table, findColumn } from "../model.ts";
import { id } from "../sql.ts";
import { resolveForeignKey } from "../steps/delete-rule-convention.ts";
import type { Way } from "./way.ts";

/** CREATE TABLE, as the small schema has it; undefined if it has no such table. */
export function creatingTable(name: string, catalog: Catalog): Way | undefined {
  const base = baseOf(catalog);
  const create = createStatement(base, name);
  if (create === undefined) return undefined;
  return { when: `create table ${name}, empty, as the base \`${base}\` of this tool has it`, statements: [create] };
}

/** ADD COLUMN, as the small schema has them; undefined if it lacks one of these columns. */
export function addingColumns(table: string, columns: readonly string[], catalog: Catalog): Way | undefined {
  const base = baseOf(catalog);
  const statements = columns.flatMap((column) => addStatement(base, table, column) ?? []);
  if (statements.length < columns.length) return undefined;
  const names = columns.map((column) => `${table}.${column}`).join(", ");
  return {
    when: `add ${names}, empty, as the base \`${base}\` of this tool has ${columns.length === 1 ? "it" : "them"}`,
    statements,
  };
}

/** The old name of a column that a facility may have renamed: only one of its own has this type. */
export function renamingBack(table: Table, column: string, catalog: Catalog): Way | undefined {
  const known = columnDefinitions(baseOf(catalog), table.name);
  const definition = known.get(column);
  const own = table.columns.filter(
    ({ name, type }) => definition?.startsWith(`${type} `) === true && !known.has(name) && name !== column,
  );
  const [other] = own;
  if (other === undefined || own.length > 1 || findColumn(table, column) !== undefined) return undefined;
  return {
    when: `if column ${column} was renamed to ${other.name}, rename it back`,
    statements: [`ALTER TABLE ${id(table.name)} RENAME COLUMN ${id(other.name)} TO ${id(column)};`],
  };
}

/** The small schema that this database is like, by its delete rules. */
function baseOf(catalog: Catalog): OwnBase {
  const parent = { table: "AutoProcProgram", columns: ["autoProcProgramId"] };
  const spec = { name: "", columns: [], parent, onDelete: { whereCascading: "CASCADE" } } as const;
  return resolveForeignKey(spec, catalog).onDelete === "CASCADE" ? "official" : "diamond";
}
