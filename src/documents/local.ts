/** Documents of the commands that need no database. */

/** Of `create`. */
export interface CreateDocument {
  readonly name: string;
  /** The path of the new migration. */
  readonly file: string;
  readonly next: readonly string[];
}

/** Of `completion`. */
export interface CompletionDocument {
  readonly shell: string;
  readonly script: string;
}
