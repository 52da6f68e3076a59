/** The interface of a connection for the rest of the project; only src/db/ uses mysql2. */

export type Value = string | number | bigint | boolean | Date | Buffer | null;
export type Row = Readonly<Record<string, unknown>>;

export interface Warning {
  readonly level: "Note" | "Warning" | "Error";
  readonly code: number;
  readonly message: string;
}

export interface Outcome {
  readonly affectedRows: number;
  /** The number of warnings; the server may keep fewer of them, or none. */
  readonly warningCount: number;
  readonly warnings: readonly Warning[];
}

/** Whether warnings are read: one more round trip. Their number is known in any case. */
export interface Reading {
  readonly warnings: boolean;
}

/** One connection, never pooled: leases, session settings and DDL belong to a session. */
export interface Db extends AsyncDisposable {
  /** The server's id of this session, as in PROCESSLIST and KILL. */
  readonly connectionId: number;
  readonly database: string;
  /** Rows of one SELECT or SHOW. Quote identifiers with src/sql.ts; pass values for `?`. */
  rows<R extends object = Row>(sql: string, values?: readonly Value[]): Promise<R[]>;
  /** The same; texts are Buffers with the bytes that the server prints, not converted for this session. */
  rowsInBytes<R extends object = Row>(sql: string, values?: readonly Value[]): Promise<R[]>;
  /** Runs one statement that changes something, and reads its warnings at once unless they tell nothing. */
  run(sql: string, values?: readonly Value[], read?: Reading): Promise<Outcome>;
  /** The same for a statement whose bytes are in the character_set_client of this moment; `sql` is its text for people. */
  runBytes(sql: string, bytes: Buffer): Promise<Outcome>;
  /** LOAD DATA LOCAL INFILE that reads this content; it never reads a file of this machine. */
  load(sql: string, content: Iterable<Buffer>): Promise<Outcome>;
  /**
   * The session as the stock client has it, while `work` runs: with the server's own settings, and statements sent byte
   * for byte. Afterwards the session begins anew, with the settings of this tool.
   */
  asStockClient<T>(work: (send: SendBytes) => Promise<T>): Promise<T>;
  /** Closes the socket without telling the server. What waits for an answer fails, for this reason. */
  destroy(why?: string): void;
}

/** Sends one statement: its bytes, as one character each (latin1). Rows in the answer are dropped. */
export type SendBytes = (statement: string) => Promise<LexicalModes>;

/** What the server says after a statement of how it reads the next one. */
export interface LexicalModes {
  /** False under sql_mode NO_BACKSLASH_ESCAPES. */
  readonly backslashEscapes: boolean;
  /** True under sql_mode ANSI_QUOTES, which only MariaDB tells. */
  readonly ansiQuotes: boolean;
}

/** Everything needed to open a connection, resolved from options. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** Path of a unix socket; it wins over host and port. */
  readonly socket?: string;
  readonly user: string;
  readonly password?: string;
  readonly database: string;
  readonly tls: Tls;
  /**
   * Over an unencrypted connection, the server may be asked for the key that hides the password. An attacker between
   * the two can answer with a key of its own, and so read the password.
   */
  readonly getServerPublicKey?: boolean;
}

/** How this tool connects to a server that it has started on this machine: nothing is in between. */
export const toOwnServer = { tls: { mode: "disabled" }, getServerPublicKey: true } as const satisfies Partial<Target>;

/** The modes of the mysql client's --ssl-mode. */
export interface Tls {
  readonly mode: "disabled" | "preferred" | "required" | "verify-ca" | "verify-identity";
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** The name of a target in messages; never contains the password. */
export function describeTarget(target: Target): string {
  return `${describeServer(target)}${target.socket === undefined ? "/" : ", database "}${target.database}`;
}

/** The account and the server of a target. */
export function describeServer({ host, port, socket, user }: Target): string {
  return `${user}@${socket === undefined ? `${host}:${port}` : `socket ${socket}`}`;
}
