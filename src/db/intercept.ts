import type { Db } from "./db.ts";

/** How one statement is sent. `send` sends it, and may not be called twice. */
export type Interceptor = <T>(sql: string, send: () => Promise<T>) => Promise<T>;

/** The same session, each statement of which passes through `around`. Closing it closes the session. */
export function intercept(db: Db, around: Interceptor): Db {
  return {
    connectionId: db.connectionId,
    database: db.database,
    rows: (sql, values) => around(sql, () => db.rows(sql, values)),
    run: (sql, values) => around(sql, () => db.run(sql, values)),
    load: (sql, content) => around(sql, () => db.load(sql, content)),
    destroy: () => db.destroy(),
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
}
