/** Procedures called as clients call them. */
import type { Connection, RowDataPacket } from "mysql2/promise";
import { expect } from "vitest";

export type Row = Record<string, unknown>;

export interface Called {
  /** Every argument after the call; the first is the id where the procedure gives one back. */
  readonly out: readonly unknown[];
  readonly rows: readonly Row[];
}

/** Does this call need a variable whose name MySQL refuses (3061)? MariaDB takes any. */
export function tooLongForMysql(procedure: string): boolean {
  return clientsVariable(procedure, 0).length > "@".length + 64;
}

function clientsVariable(procedure: string, at: number): string {
  return `@_${procedure}_arg${at + 1}`;
}

/**
 * As mysql-connector's callproc does it: every argument is a variable, by the client's own names unless
 * told otherwise, and all are read again afterwards.
 */
export async function callproc(
  connection: Connection,
  procedure: string,
  args: readonly unknown[],
  variable = clientsVariable,
): Promise<Called> {
  const names = args.map((_, at) => variable(procedure, at));
  for (const [at, name] of names.entries()) await connection.query(`SET ${name} = ?`, [args[at]]);
  const [answer] = await connection.query<RowDataPacket[][]>(`CALL ${procedure}(${names.join(", ")})`);
  const [out] = await connection.query<RowDataPacket[]>(`SELECT ${names.join(", ")}`);
  // With rows the answer is a list: the rows, and how the call ended.
  return { out: Object.values(out[0] ?? {}), rows: Array.isArray(answer) ? (answer[0] ?? []) : [] };
}

/** Calls a procedure that gives an id back. */
export async function write(connection: Connection, procedure: string, ...args: unknown[]): Promise<number> {
  const { out } = await callproc(connection, procedure, args);
  return Number(out[0]);
}

/** Calls a procedure that gives rows back. */
export async function read(connection: Connection, procedure: string, ...args: unknown[]): Promise<readonly Row[]> {
  const short = (_: string, at: number) => `@arg${at + 1}`;
  return (await callproc(connection, procedure, args, tooLongForMysql(procedure) ? short : undefined)).rows;
}

/** Expects this call to be refused with SQLSTATE 45000 and a message that has all of these words. */
export async function expectRefusal(call: Promise<unknown>, ...words: (string | number)[]): Promise<void> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ sqlState: "45000" });
  for (const word of words) expect(error).toMatchObject({ message: expect.stringContaining(String(word)) });
}
