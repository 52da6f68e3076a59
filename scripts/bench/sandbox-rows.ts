/** The rows of a database as a script, as a dump without definitions has them. */
import { createConnection } from "mysql2/promise";
import { id, idList } from "../../src/sql.ts";
import type { Place } from "./sandbox-peers.ts";

/** Without the tool's own tables; rows that are there already, by the base or by migrations, stay as they are. */
export async function rowsScript(place: Place): Promise<Buffer> {
  const db = await createConnection({ ...place, dateStrings: true, supportBigNumbers: true, bigNumberStrings: true });
  try {
    const [columns] = await db.query(
      "SELECT t.TABLE_NAME AS name, c.COLUMN_NAME AS `column` FROM information_schema.TABLES t " +
        "JOIN information_schema.COLUMNS c USING (TABLE_SCHEMA, TABLE_NAME) WHERE t.TABLE_SCHEMA = DATABASE() " +
        "AND t.TABLE_TYPE = 'BASE TABLE' AND t.TABLE_NAME NOT LIKE 'ispyb%' AND IFNULL(c.GENERATION_EXPRESSION, '') = '' ORDER BY 1, c.ORDINAL_POSITION",
    );
    const tables = Map.groupBy(columns as { name: string; column: string }[], ({ name }) => name);
    const statements = ["SET NAMES utf8mb4", "SET SESSION sql_mode = '', foreign_key_checks = 0"];
    for (const [table, own] of tables) {
      const names = own.map(({ column }) => column);
      const [rows] = await db.query({ sql: `SELECT ${names.map(id).join(", ")} FROM ${id(table)}`, rowsAsArray: true });
      if (Array.isArray(rows) && rows.length > 0)
        statements.push(db.format(`INSERT IGNORE INTO ${id(table)} ${idList(names)} VALUES ?`, [rows]));
    }
    return Buffer.from(statements.map((sql) => `${sql};\n`).join(""));
  } finally {
    db.destroy();
  }
}
