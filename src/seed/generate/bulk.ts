/**
 * The fastest way to write many rows that a server allows: LOAD DATA with this client's own content, or
 * INSERTs of many rows each. Either counts what came of it: LOAD DATA LOCAL makes a mere warning of
 * every error, and leaves the row out.
 */
import type { Db, Outcome } from "../../db/db.ts";
import { isRefusal } from "../../db/server-errors.ts";
import { MigrateError } from "../../errors.ts";
import { id, idList } from "../../sql.ts";
import type { Target } from "./columns.ts";
import type { Cell } from "./rows.ts";
import type { TableName } from "./tables.ts";
import { lineOf, tupleOf } from "./text.ts";

export type Way = "LOAD DATA" | "INSERT";

/** Rows on their way, table by table. */
export interface Batch {
  add(table: TableName, cells: readonly Cell[]): void;
  /** Parents first. Throws SERVER errors, and STATEMENT_FAILED where a row was not taken. */
  send(db: Db): Promise<void>;
}

/** Characters of an INSERT: some thousand rows, and a sixtieth of MariaDB's max_allowed_packet. */
const STATEMENT = 250_000;

/** Characters of the content of LOAD DATA that go as one: strings that grow longer are a burden. */
const LINES = 64_000;

export async function wayOf(db: Db): Promise<Way> {
  const [row] = await db.rows<{ allowed: number }>("SELECT @@GLOBAL.local_infile AS allowed");
  return Number(row?.allowed) === 1 ? "LOAD DATA" : "INSERT";
}

export function newBatch(way: Way, targets: ReadonlyMap<TableName, Target>): Batch {
  const parts = new Map(
    [...targets].map(([table, target]) => [table, way === "INSERT" ? new Inserts(target) : new Lines(target)]),
  );
  return {
    add: (table, cells) => parts.get(table)?.add(cells),
    async send(db) {
      for (const [table, part] of parts) {
        if (part.rows === 0) continue;
        const { affectedRows, warnings } = await part.send(db).catch((error: unknown) => {
          throw isRefusal(error) ? notTaken(db, table, [error.message], error) : error;
        });
        if (affectedRows === part.rows && warnings.length === 0) continue;
        const reasons = warnings.map(({ message }) => message).slice(0, SHOWN);
        throw notTaken(db, table, [`${affectedRows} of ${part.rows} rows`, ...reasons]);
      }
    },
  };
}

// --- internal ---

/** Of a thousand times the same reason a few say enough. */
const SHOWN = 5;

function notTaken(db: Db, table: string, found: readonly string[], cause?: unknown): MigrateError {
  return new MigrateError("STATEMENT_FAILED", `${table} does not take a row`, {
    where: `${db.database}.${table}`,
    found,
    done: "what was written before stays; nothing of these rows was kept",
    next: "the same command again, once the cause is mended: it goes on where it stopped",
    cause,
  });
}

/** Text as bytes, in pieces. */
class Pieces {
  readonly done: Buffer[] = [];
  #open = "";

  get isOpen(): boolean {
    return this.#open !== "";
  }

  add(text: string, size: number): void {
    this.#open += text;
    if (this.#open.length >= size) this.close();
  }

  close(): void {
    if (this.isOpen) this.done.push(Buffer.from(this.#open));
    this.#open = "";
  }
}

class Lines {
  rows = 0;
  readonly #target: Target;
  readonly #pieces = new Pieces();

  constructor(target: Target) {
    this.#target = target;
  }

  add(cells: readonly Cell[]): void {
    this.rows++;
    this.#pieces.add(lineOf(this.#target, cells), LINES);
  }

  send(db: Db): Promise<Outcome> {
    const { columns, table } = this.#target;
    this.#pieces.close();
    return db.load(
      `LOAD DATA LOCAL INFILE 'generated' INTO TABLE ${id(table)} CHARACTER SET utf8mb4 ${idList(columns)}`,
      this.#pieces.done,
    );
  }
}

class Inserts {
  rows = 0;
  readonly #target: Target;
  readonly #pieces = new Pieces();

  constructor(target: Target) {
    this.#target = target;
  }

  add(cells: readonly Cell[]): void {
    const { columns, table } = this.#target;
    this.rows++;
    const before = this.#pieces.isOpen ? "," : `INSERT INTO ${id(table)} ${idList(columns)} VALUES `;
    this.#pieces.add(`${before}${tupleOf(this.#target, cells)}`, STATEMENT);
  }

  async send(db: Db): Promise<Outcome> {
    this.#pieces.close();
    let affectedRows = 0;
    for (const statement of this.#pieces.done) affectedRows += (await db.run(statement.toString())).affectedRows;
    return { affectedRows, warnings: [] };
  }
}
