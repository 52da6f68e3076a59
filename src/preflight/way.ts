/** A way out of a conflict: statements that run in this order, and after which the conflict is gone. */
export interface Way {
  /** When this way is right, or what it does. */
  readonly when: string;
  readonly statements: readonly string[];
  /** Statements that come before those of other tables: other names for foreign keys, while their parents have their old ones. */
  readonly first?: readonly string[];
}

/** Tables that refer to one another are decided together: a key cannot be added to a table that got another name. */
export function together(tables: readonly { readonly table: string; readonly ways: readonly Way[] }[]): Way[] {
  const names = tables.map(({ table }) => table).join(", ");
  const ways = tables.map((each) => each.ways);
  const renaming = ways.flatMap(([way]) => (way === undefined ? [] : [way]));
  const changing = ways.flatMap(([, way]) => (way === undefined ? [] : [way]));
  const statements = [...renaming.flatMap(({ first = [] }) => first), ...renaming.flatMap((way) => way.statements)];
  return [
    { when: `if no client of ISPyB uses tables ${names}, give them and their keys other names`, statements },
    ...(changing.length < tables.length
      ? []
      : [{ when: "if a client uses one of them, change them", statements: changing.flatMap((way) => way.statements) }]),
  ];
}

/** The ways as they are printed, each complete: one of several is chosen. */
export function choicesOf(ways: readonly Way[]): string[] {
  return ways.flatMap(({ first = [], statements, when }, at) => {
    const choice = ways.length === 1 ? "" : at === 0 ? "either, " : "or, ";
    return [`${choice}${when}:`, ...first, ...statements];
  });
}
