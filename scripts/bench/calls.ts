/** Calls of the upsert procedures, as a client makes them. */
import type { Db, Value } from "../../src/db/db.ts";

/** A procedure with its arguments after p_id. */
export type Call = (procedure: string, ...args: Value[]) => Promise<number>;

/** Calls with the minimum that a client can send. */
export function callsOn(db: Db): Call {
  return async (procedure, ...args) => {
    await db.run("SET @id = NULL");
    await db.run(`CALL ${procedure}(@id, ${args.map(() => "?").join(", ")})`, args);
    return idOf(await db.rows("SELECT @id AS id"));
  };
}

export function idOf(rows: readonly { readonly id?: unknown }[]): number {
  return Number(rows[0]?.id);
}
