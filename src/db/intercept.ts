import type { Db } from "./db.ts";

/** Sends one statement by calling `send`, at most once. */
export type Interceptor = <T>(sql: string, send: () => Promise<T>) => Promise<T>;

/** The session with `around` called for each statement. Closing the result closes the session. */
export function intercept(db: Db, around: Interceptor): Db {
  return {
    connectionId: db.connectionId,
    database: db.database,
    rows: (sql, values) => around(sql, () => db.rows(sql, values)),
    rowsInBytes: (sql, values) => around(sql, () => db.rowsInBytes(sql, values)),
    run: (sql, values, read) => around(sql, () => db.run(sql, values, read)),
    runBytes: (sql, bytes) => around(sql, () => db.runBytes(sql, bytes)),
    load: (sql, content) => around(sql, () => db.load(sql, content)),
    asStockClient: (work) => db.asStockClient((send) => work((sql) => around(sql, () => send(sql)))),
    destroy: (why) => db.destroy(why),
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
}
