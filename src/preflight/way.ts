/** A way out of a conflict: statements that run in this order, and after which the conflict is gone. */
export interface Way {
  /** When this way is right, or what it does. */
  readonly when: string;
  readonly statements: readonly string[];
}

/** The ways as they are printed, each complete: one of several is chosen. */
export function choicesOf(ways: readonly Way[]): string[] {
  return ways.flatMap(({ statements, when }, at) => {
    const choice = ways.length === 1 ? "" : at === 0 ? "either, " : "or, ";
    return [`${choice}${when}:`, ...statements];
  });
}
