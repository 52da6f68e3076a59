/** One piece of a script. The pieces joined are the script. */
export interface ScriptPart {
  /** The exact piece of the script, with its delimiter and everything before the statement. */
  readonly source: string;
  /** The statement for the server; empty for a DELIMITER line and for a piece of only comments or blanks. */
  readonly sql: string;
  /** The line, counted from 1, where `sql` begins, or where the piece begins if `sql` is empty. */
  readonly line: number;
  /** A command of the stock client in this piece, which no server knows. */
  readonly command?: ClientCommand;
}

export interface ClientCommand {
  readonly line: number;
  /** As it is written, such as `source more.sql` or `\G`. */
  readonly text: string;
}
