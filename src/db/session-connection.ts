import { Readable } from "node:stream";
import type { Connection, ResultSetHeader, RowDataPacket } from "mysql2/promise";
import { id } from "../sql.ts";
import type { Db, Outcome, Reading, Row, SendBytes, Value, Warning } from "./db.ts";
import { errorNumbers } from "./error-numbers.ts";
import { allowMultiStatements } from "./multi-statements.ts";
import { retryDeadlock } from "./retry-deadlock.ts";
import { queryBytes, sendBytes } from "./send-bytes.ts";
import { ServerError, isKilled, isUnknownVariable } from "./server-errors.ts";
import { algorithmStatement, markStatement, memberStatement, sessionStatements, syncWaitStatement } from "./session.ts";

/** Milliseconds to wait for an orderly end before the socket is closed. */
const CLOSE_TIMEOUT = 2_000;

/** The protocol's mark in an answer: a transaction is open. */
const IN_TRANSACTION = 1;

/** Milliseconds between two words to the server, while no statement is on its way. */
const PING_EVERY = 15_000;

/** Db over one connection of the driver. Overlapping calls run one after the other. */
export class SessionConnection implements Db {
  connectionId = 0;
  database: string;
  readonly #raw: Connection;
  #last: Promise<unknown> = Promise.resolve();
  #isInTransaction = false;
  /** Rejects each call that has no answer yet. */
  readonly #unanswered = new Set<(reason: ServerError) => void>();
  #pinging: NodeJS.Timeout | undefined;
  /** Why this program has closed the connection. */
  #closed: ServerError | undefined;

  constructor(raw: Connection, database: string) {
    this.#raw = raw;
    this.database = database;
    // Without a listener, a socket that ends between two statements would end the process. The next statement fails
    // with the same error.
    raw.on("error", () => {});
  }

  rows<R extends object = Row>(sql: string, values: readonly Value[] = []): Promise<R[]> {
    return this.#inTurn(async () => (await this.#send<RowDataPacket[]>(sql, values)) as unknown as R[]);
  }

  rowsInBytes<R extends object = Row>(sql: string, values: readonly Value[] = []): Promise<R[]> {
    return this.#inTurn(async () => {
      // The driver returns Buffers for what the server calls binary.
      await this.#send<ResultSetHeader>("SET character_set_results = binary", []);
      try {
        return (await this.#send<RowDataPacket[]>(sql, values)) as unknown as R[];
      } finally {
        await this.#send<ResultSetHeader>("SET character_set_results = utf8mb4", []);
      }
    });
  }

  run(sql: string, values: readonly Value[] = [], read?: Reading): Promise<Outcome> {
    return this.#inTurn(async () => {
      const send = () => this.#send<ResultSetHeader>(sql, values);
      const header = await (this.#isInTransaction ? send() : retryDeadlock(send));
      this.#isInTransaction = (header.serverStatus & IN_TRANSACTION) !== 0;
      return this.#outcome(header, read);
    });
  }

  runBytes(sql: string, bytes: Buffer): Promise<Outcome> {
    return this.#inTurn(async () => {
      const sent = queryBytes<ResultSetHeader>(this.#raw, bytes.toString("latin1"));
      return this.#outcome(await answered(sent, sql));
    });
  }

  load(sql: string, content: Iterable<Buffer>): Promise<Outcome> {
    // The driver rejects a server that asks for a file unprompted: only this call offers one.
    const infileStreamFactory = () => Readable.from(content);
    return this.#inTurn(async () => {
      const sent = this.#raw.query<ResultSetHeader>({ sql, infileStreamFactory });
      return this.#outcome(await answered(sent, sql));
    });
  }

  async asStockClient<T>(work: (send: SendBytes) => Promise<T>): Promise<T> {
    await this.#renew(true);
    try {
      return await work((statement) => this.#inTurn(() => answered(sendBytes(this.#raw, statement), statement)));
    } finally {
      // A session that was lost meanwhile is named by the error of `work`, and by every later statement.
      await this.#renew(false).then(
        () => this.prepare(),
        () => {},
      );
    }
  }

  /** Sets all that a session of this tool relies on, and keeps the session from now on: see wait_timeout in session.ts. */
  async prepare(): Promise<void> {
    clearInterval(this.#pinging);
    this.#pinging = setInterval(() => this.#ping(), PING_EVERY).unref();
    for (const statement of sessionStatements) await this.run(statement);
    if (await this.#setIfKnown(memberStatement)) {
      await this.#assertNodeReady();
      await this.run(syncWaitStatement);
    }
    await this.#setIfKnown(algorithmStatement);
    await this.run(markStatement);
  }

  destroy(why = "this program has closed the connection"): void {
    clearInterval(this.#pinging);
    const reason = new ServerError({ code: errorNumbers.CR_SERVER_LOST, sqlState: "08S01", message: why });
    this.#closed ??= reason;
    for (const fail of this.#unanswered) fail(reason);
    this.#raw.destroy();
  }

  /** Ends the session in order, so that the server counts no aborted client. Never throws. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#pinging);
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_TIMEOUT);
    });
    await Promise.race([this.#raw.end().catch(() => {}), tooLong]);
    clearTimeout(timer);
    this.#raw.destroy();
  }

  /** False if the server does not know a variable of the statement. */
  async #setIfKnown(statement: string): Promise<boolean> {
    try {
      await this.run(statement);
      return true;
    } catch (error) {
      if (!isUnknownVariable(error)) throw error;
      return false;
    }
  }

  /** Throws ER_UNKNOWN_COM_ERROR at once, as the first statement on a table would, and not after a wait. */
  async #assertNodeReady(): Promise<void> {
    const rows = await this.rows<{ Variable_name: string; Value: string }>(
      "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_provider_name', 'wsrep_ready')",
    );
    const values = new Map(rows.map((row) => [row.Variable_name, row.Value]));
    // A server that is no member has no provider.
    if ((values.get("wsrep_provider_name") ?? "") === "" || values.get("wsrep_ready") === "ON") return;
    const message = "wsrep_ready is OFF: the node has not joined its cluster, or has lost it";
    throw new ServerError({ code: errorNumbers.ER_UNKNOWN_COM_ERROR, sqlState: "08S01", message });
  }

  /** Nothing is said if it fails: the next statement fails with the same error. */
  #ping(): void {
    if (this.#unanswered.size > 0) return;
    this.#inTurn(() => this.#raw.ping()).catch(() => {});
  }

  /** Runs one call at a time, so that SHOW WARNINGS belongs to the statement before it. */
  #inTurn<T>(call: () => Promise<T>): Promise<T> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    const own = this.#last.then(call, call);
    // The driver answers nothing that is on its way when the connection is closed.
    const turn = new Promise<T>((resolve, reject) => {
      this.#unanswered.add(reject);
      void own.then(resolve, reject).finally(() => this.#unanswered.delete(reject));
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Ends transactions and locks, drops temporary tables and variables, and sets the server's own settings again. */
  #renew(multiStatements: boolean): Promise<void> {
    return this.#inTurn(async () => {
      await answered(this.#reset(multiStatements), "COM_RESET_CONNECTION");
    });
  }

  async #reset(multiStatements: boolean): Promise<readonly [undefined]> {
    await this.#raw.reset();
    await allowMultiStatements(this.#raw, multiStatements);
    // MySQL does not read the database's defaults again, and the driver has it add IGNORE_SPACE to the mode.
    await this.#raw.query(`USE ${id(this.database)}`);
    await this.#raw.query("SET SESSION sql_mode = @@GLOBAL.sql_mode");
    return [undefined];
  }

  #send<T extends RowDataPacket[] | ResultSetHeader>(sql: string, values: readonly Value[]): Promise<T> {
    // Without values nothing is replaced: a question mark in a comment or a literal stays.
    return answered(values.length === 0 ? this.#raw.query<T>(sql) : this.#raw.query<T>(sql, [...values]), sql);
  }

  async #outcome({ affectedRows, warningStatus }: ResultSetHeader, read?: Reading): Promise<Outcome> {
    const warnings = warningStatus > 0 && read?.warnings !== false ? await this.#warnings() : [];
    return { affectedRows, warningCount: warningStatus, warnings };
  }

  async #warnings(): Promise<Warning[]> {
    // The statement before it is done: a kill that comes now must not make it look interrupted.
    const rows = await this.#send<RowDataPacket[]>("SHOW WARNINGS", []).catch((error: unknown) => {
      if (isKilled(error)) return [];
      throw error;
    });
    return rows.map((row) => ({ level: row["Level"], code: Number(row["Code"]), message: row["Message"] }));
  }
}

async function answered<T>(sent: Promise<readonly [T, ...unknown[]]>, sql: string): Promise<T> {
  try {
    return (await sent)[0];
  } catch (error) {
    throw toServerError(error, sql);
  }
}

/** The driver's error as a ServerError; an error of the socket becomes CR_SERVER_LOST. */
export function toServerError(error: unknown, statement?: string): ServerError {
  const failure = error as { errno?: number; sqlState?: string; message?: string; errors?: readonly Error[] };
  // A host name with several addresses fails with an AggregateError, and its own message is empty.
  const message = failure.message || failure.errors?.map((each) => each.message).join("; ") || String(error);
  // Error numbers of the operating system are negative.
  if (failure.errno !== undefined && failure.errno > 0) {
    return new ServerError({ code: failure.errno, sqlState: failure.sqlState, message, statement });
  }
  return new ServerError({ code: errorNumbers.CR_SERVER_LOST, sqlState: "08S01", message, statement });
}
