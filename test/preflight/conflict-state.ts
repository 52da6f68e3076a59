export interface ConflictState {
  readonly name: string;
  readonly sql: readonly string[];
  /** Foreign keys from and to this table are dropped first. */
  readonly withoutKeys?: string;
  /** The state comes after an `up` to this migration. */
  readonly after?: string;
  /** What no statement of ours can solve, or what no skip can. */
  readonly onlySkip?: true;
  readonly neverSkip?: true;
}
