import type { Db, Outcome, Reading, Row, Value } from "./db.ts";
import { redact } from "./redact.ts";

/** The same connection; it reports each statement with its duration in milliseconds. */
export function traced(db: Db, role: string, tell: (line: string) => void): Db {
  async function timed<T>(sql: string, values: readonly Value[] | undefined, send: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await send();
    } finally {
      const took = Math.round(performance.now() - start);
      const bound = values === undefined || values.length === 0 ? "" : ` [${values.length} values]`;
      tell(`[${role} ${db.connectionId}] ${formatTrace(sql)}${bound} (${took} ms)`);
    }
  }
  return {
    connectionId: db.connectionId,
    database: db.database,
    rows: <R extends object = Row>(sql: string, values?: readonly Value[]) =>
      timed(sql, values, () => db.rows<R>(sql, values)),
    rowsInBytes: <R extends object = Row>(sql: string, values?: readonly Value[]) =>
      timed(sql, values, () => db.rowsInBytes<R>(sql, values)),
    run: (sql: string, values?: readonly Value[], read?: Reading): Promise<Outcome> =>
      timed(sql, values, () => db.run(sql, values, read)),
    runBytes: (sql: string, bytes: Buffer) => timed(sql, undefined, () => db.runBytes(sql, bytes)),
    load: (sql: string, content: Iterable<Buffer>): Promise<Outcome> =>
      timed(sql, undefined, () => db.load(sql, content)),
    asStockClient: (work) => db.asStockClient((send) => work((sql) => timed(sql, undefined, () => send(sql)))),
    destroy: (why) => db.destroy(why),
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
}

// --- internal ---

/** Characters of a statement that are shown, so that an INSERT of thousands of rows stays readable. */
const LONGEST = 100_000;

function formatTrace(sql: string): string {
  const shown = redact(sql.slice(0, LONGEST).replaceAll(/\s+/g, " ").trim());
  return sql.length > LONGEST ? `${shown} … (${sql.length} characters)` : shown;
}
