/**
 * The fastest way to write many rows that a server allows: LOAD DATA with this client's own content, or
 * INSERTs of many rows each. Both count the inserted rows: LOAD DATA LOCAL turns every error into a warning
 * and omits the row.
 */
import type { Db, Outcome } from "../../db/db.ts";
import { isDuplicateRow, isRefusal } from "../../db/server-errors.ts";
import { MigrateError } from "../../errors.ts";
import { hint } from "../../hint.ts";
import { id, idList } from "../../sql.ts";
import type { GeneratedValue, TableName } from "./content/tables.ts";
import { lineOf, tupleOf } from "./encode.ts";
import type { TargetColumns } from "./target-columns.ts";

export type WayName = "LOAD DATA" | "INSERT";

/** Rows to be sent, table by table. */
export interface Batch {
  add(table: TableName, cells: readonly GeneratedValue[]): void;
  /** Sends the rows, parents first. Throws errors of the server, and STATEMENT_FAILED if a row was rejected. */
  send(db: Db): Promise<void>;
}

export async function wayOf(db: Db): Promise<WayName> {
  const [row] = await db.rows<{ allowed: number }>("SELECT @@GLOBAL.local_infile AS allowed");
  return Number(row?.allowed) === 1 ? "LOAD DATA" : "INSERT";
}

export function newBatch(way: WayName, targets: ReadonlyMap<TableName, TargetColumns>): Batch {
  const parts = new Map([...targets].map(([table, target]) => [table, new Part(ways[way], target)]));
  return {
    add: (table, cells) => parts.get(table)?.add(cells),
    async send(db) {
      for (const [table, part] of parts) {
        if (part.rows === 0) continue;
        const { affectedRows, warningCount, warnings } = await part.send(db).catch((error: unknown) => {
          throw isRefusal(error) ? notTaken(db, table, [error.message], error) : error;
        });
        if (affectedRows === part.rows && warningCount === 0) continue;
        const reasons = warnings.map(({ message }) => message).slice(0, SHOWN);
        throw notTaken(db, table, [`${affectedRows} of ${part.rows} rows, ${warningCount} warnings`, ...reasons]);
      }
    },
  };
}

// --- internal ---

/** Maximum number of warnings in a message: they often repeat. */
const SHOWN = 5;

function notTaken(db: Db, table: string, warnings: readonly string[], cause?: unknown): MigrateError {
  const beside = hint("seed", {
    args: ["generate", "N"],
    options: { "random-seed": "M" },
    note: "generates other jobs, in addition to the existing ones",
  });
  return new MigrateError("STATEMENT_FAILED", `${table} rejected a row`, {
    where: `${db.database}.${table}`,
    found: warnings,
    done: "earlier batches remain; this batch was rolled back",
    next: [
      "fix the cause, then run the same command again: it continues where it stopped",
      ...(isDuplicateRow(cause) ? [beside] : []),
    ],
    cause,
  });
}

interface Way {
  readonly spell: (target: TargetColumns, cells: readonly GeneratedValue[]) => string;
  readonly between: string;
  /** Characters in one piece: longer strings cost memory, and the server limits the size of a packet. */
  readonly size: number;
  readonly send: (db: Db, target: TargetColumns, pieces: readonly Buffer[]) => Promise<Outcome>;
}

const ways: Readonly<Record<WayName, Way>> = {
  "LOAD DATA": {
    spell: lineOf,
    between: "",
    size: 64_000,
    send: (db, { columns, table }, pieces) =>
      db.load(
        `LOAD DATA LOCAL INFILE 'generated' INTO TABLE ${id(table)} CHARACTER SET utf8mb4 ${idList(columns)}`,
        pieces,
      ),
  },
  INSERT: {
    spell: tupleOf,
    between: ",",
    // Some thousand rows, and a sixtieth of MariaDB's max_allowed_packet.
    size: 250_000,
    async send(db, { columns, table }, pieces) {
      const sum = { affectedRows: 0, warningCount: 0, warnings: [] };
      for (const piece of pieces) {
        const one = await db.run(`INSERT INTO ${id(table)} ${idList(columns)} VALUES ${piece.toString()}`);
        sum.affectedRows += one.affectedRows;
        sum.warningCount += one.warningCount;
      }
      return sum;
    },
  },
};

/** The rows of one table, as text in pieces. */
class Part {
  rows = 0;
  readonly #way: Way;
  readonly #target: TargetColumns;
  /** Pieces as bytes: a string that is concatenated from thousands stays a tree of them in memory. */
  readonly #done: Buffer[] = [];
  #open = "";

  constructor(way: Way, target: TargetColumns) {
    this.#way = way;
    this.#target = target;
  }

  add(cells: readonly GeneratedValue[]): void {
    const { between, size, spell } = this.#way;
    this.rows++;
    if (this.#open !== "") this.#open += between;
    this.#open += spell(this.#target, cells);
    if (this.#open.length >= size) this.#close();
  }

  send(db: Db): Promise<Outcome> {
    if (this.#open !== "") this.#close();
    return this.#way.send(db, this.#target, this.#done);
  }

  #close(): void {
    this.#done.push(Buffer.from(this.#open));
    this.#open = "";
  }
}
