/** The parts of the schema that a step creates or changes, from the catalogs before and after it. */
import { type Catalog, type Table, findTable, sameName } from "../model.ts";

/** A named object of a catalog. */
export interface SchemaPart {
  readonly kind: "table" | "column" | "index" | "foreign key";
  readonly table: string;
  readonly name: string;
}

export interface Parts {
  /** Parts that did not exist before. */
  readonly made: readonly SchemaPart[];
  /** Parts that have another form afterwards, or were dropped. */
  readonly changed: readonly SchemaPart[];
}

export function partsBetween(before: Catalog, after: Catalog): Parts {
  const parts = Object.values(after.tables).map((table): Parts => {
    const old = findTable(before, table.name);
    if (old === undefined) return { made: [{ kind: "table", table: table.name, name: table.name }], changed: [] };
    return old === table ? { made: [], changed: [] } : partsOfTable(old, table);
  });
  return { made: parts.flatMap(({ made }) => made), changed: parts.flatMap(({ changed }) => changed) };
}

function partsOfTable(before: Table, after: Table): Parts {
  const lists = [
    compareByName("column", before.name, before.columns, after.columns),
    compareByName("index", before.name, before.indexes, after.indexes),
    compareByName("foreign key", before.name, before.foreignKeys, after.foreignKeys),
  ];
  return { made: lists.flatMap(({ made }) => made), changed: lists.flatMap(({ changed }) => changed) };
}

function compareByName<T extends { readonly name: string }>(
  kind: SchemaPart["kind"],
  table: string,
  before: readonly T[],
  after: readonly T[],
): Parts {
  const twin = (list: readonly T[], one: T) => list.find((other) => sameName(other.name, one.name));
  const part = ({ name }: T): SchemaPart => ({ kind, table, name });
  return {
    made: after.filter((one) => twin(before, one) === undefined).map(part),
    changed: before.filter((one) => JSON.stringify(one) !== JSON.stringify(twin(after, one))).map(part),
  };
}

export function samePart(a: SchemaPart, b: SchemaPart): boolean {
  return a.kind === b.kind && a.table === b.table && sameName(a.name, b.name);
}
