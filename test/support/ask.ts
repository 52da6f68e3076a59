import { createConnection } from "mysql2/promise";

/** The rows of one statement, by a connection of its own, over the raw driver. */
export async function ask<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const db = await createConnection(url);
  try {
    const [rows] = await db.query(sql);
    return rows as Row[];
  } finally {
    await db.end();
  }
}
