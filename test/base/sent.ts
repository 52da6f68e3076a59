/** What a server receives: from the stock client, and from our reader. */
import { readFile } from "node:fs/promises";
import { readScript } from "../../src/base/read-script.ts";
import { connect } from "../../src/db/connect.ts";
import { ServerError } from "../../src/db/server-errors.ts";
import type { TestDatabase } from "../support/servers.ts";
import type { StockClient } from "../support/stock-client.ts";
import { targetOf } from "../support/upgrade.ts";

/** The statements of these sessions in the general log. */
async function logged(db: TestDatabase, sessions: string, values: readonly unknown[]): Promise<string[]> {
  // MariaDB logs text, MySQL the bytes as they came.
  const rows = await db.query<{ text: string | Buffer }>(
    `SELECT argument AS text FROM mysql.general_log WHERE command_type = 'Query' AND thread_id IN (${sessions})`,
    values,
  );
  return rows.map(({ text }) => text.toString());
}

/** Also what the client sends when it is refused: `--force`. */
export async function sentByClient(
  client: StockClient,
  db: TestDatabase,
  path: string,
  args: readonly string[] = [],
): Promise<string[]> {
  await db.query("TRUNCATE mysql.general_log");
  await client.run(db, await readFile(path), ["--force", "--default-character-set=utf8mb4", ...args]);
  const connected = "SELECT thread_id FROM mysql.general_log WHERE command_type = 'Connect' AND argument LIKE ?";
  return logged(db, connected, [`% on ${db.database} %`]);
}

export async function sentByReader(db: TestDatabase, path: string): Promise<string[]> {
  await using session = await connect(targetOf(db));
  return await session.asStockClient(async (send) => {
    let modes = await send("SET NAMES utf8mb4");
    await db.query("TRUNCATE mysql.general_log");
    for await (const { bytes } of readScript({ path, name: path }, { modes: () => modes })) {
      modes = await send(bytes).catch((error: unknown) => {
        if (!(error instanceof ServerError)) throw error;
        return modes;
      });
    }
    return logged(db, "?", [session.connectionId]);
  });
}
