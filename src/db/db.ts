/** What the rest of the project knows of a connection; mysql2 stays behind src/db/connect.ts. */

export type Value = string | number | bigint | boolean | Date | Buffer | null;
export type Row = Readonly<Record<string, unknown>>;

export interface Warning {
  readonly level: "Note" | "Warning" | "Error";
  readonly code: number;
  readonly message: string;
}

export interface Outcome {
  readonly affectedRows: number;
  /** How many warnings there were; a server may keep fewer of them, or none. */
  readonly warningCount: number;
  readonly warnings: readonly Warning[];
}

/** One connection, never pooled: leases, session settings and DDL belong to a session. */
export interface Db extends AsyncDisposable {
  /** The server's id of this session, as PROCESSLIST and KILL know it. */
  readonly connectionId: number;
  readonly database: string;
  /** Rows of one SELECT or SHOW. Identifiers go in through src/sql.ts, values through `?`. */
  rows<R extends object = Row>(sql: string, values?: readonly Value[]): Promise<R[]>;
  /** One statement that changes something. Its warnings are read at once. */
  run(sql: string, values?: readonly Value[]): Promise<Outcome>;
  /** LOAD DATA LOCAL INFILE, whose file is this content and none of this machine. */
  load(sql: string, content: Iterable<Buffer>): Promise<Outcome>;
  /** Closes the socket without a word to the server. */
  destroy(): void;
}

/** Everything that is needed to open a connection, already resolved from options. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** Path of a unix socket; it wins over host and port. */
  readonly socket?: string;
  readonly user: string;
  readonly password?: string;
  readonly database: string;
  readonly tls: Tls;
}

/** The modes of the mysql client's --ssl-mode. */
export interface Tls {
  readonly mode: "disabled" | "preferred" | "required" | "verify-ca" | "verify-identity";
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** How a target is named in messages; never with the password. */
export function describeTarget(target: Target): string {
  const place = target.socket === undefined ? `${target.host}:${target.port}` : `socket ${target.socket}`;
  return `${target.user}@${place}/${target.database}`;
}
