/**
 * A session that is replaced by another one when it is lost, so that what relies on it goes on. A statement is then sent
 * again: only for statements that may be.
 */
import type { Db, Reading, Row, Value } from "./db.ts";
import { isConnectionLost } from "./server-errors.ts";

export class ReplaceableDb implements Db {
  readonly #open: () => Promise<Db>;
  #current: Db;
  #opening: Promise<void> | undefined;
  #isClosed = false;

  private constructor(current: Db, open: () => Promise<Db>) {
    this.#current = current;
    this.#open = open;
  }

  static async open(open: () => Promise<Db>): Promise<ReplaceableDb> {
    return new ReplaceableDb(await open(), open);
  }

  /** Another session beside the current one. */
  another(): Promise<Db> {
    return this.#open();
  }

  replaceBy(next: Db): void {
    const before = this.#current;
    this.#current = next;
    before.destroy("it was replaced by another session");
  }

  get connectionId() {
    return this.#current.connectionId;
  }

  get database() {
    return this.#current.database;
  }

  rows<R extends object = Row>(sql: string, values?: readonly Value[]) {
    return this.#sent((db) => db.rows<R>(sql, values));
  }

  rowsInBytes<R extends object = Row>(sql: string, values?: readonly Value[]) {
    return this.#current.rowsInBytes<R>(sql, values);
  }

  run(sql: string, values?: readonly Value[], read?: Reading) {
    return this.#sent((db) => db.run(sql, values, read));
  }

  runBytes(sql: string, bytes: Buffer) {
    return this.#current.runBytes(sql, bytes);
  }

  load(sql: string, content: Iterable<Buffer>) {
    return this.#current.load(sql, content);
  }

  asStockClient: Db["asStockClient"] = (work) => this.#current.asStockClient(work);

  destroy(why?: string): void {
    this.#isClosed = true;
    this.#current.destroy(why);
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    this.#isClosed = true;
    return this.#current[Symbol.asyncDispose]();
  }

  async #sent<T>(send: (db: Db) => Promise<T>): Promise<T> {
    const used = this.#current;
    try {
      return await send(used);
    } catch (error) {
      if (this.#isClosed || !isConnectionLost(error)) throw error;
      if (used === this.#current) await this.#replace();
      return await send(this.#current);
    }
  }

  /** Once for all that have met the same loss. */
  #replace(): Promise<void> {
    this.#opening ??= this.#open()
      .then((opened) => (this.#isClosed ? opened.destroy() : this.replaceBy(opened)))
      .finally(() => (this.#opening = undefined));
    return this.#opening;
  }
}
