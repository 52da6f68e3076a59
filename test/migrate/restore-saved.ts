import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { statements } from "../../src/base/split-script.ts";
import type { TestDatabase } from "../support/servers.ts";

/** A file that `down` saved, run as the stock client does: it ends at the first error, and its transaction with it. */
export async function restoreSaved(db: TestDatabase, path: string): Promise<void> {
  const session = await db.connection();
  try {
    for (const { sql } of statements(gunzipSync(await readFile(path)).toString("utf8"))) await session.query(sql);
  } finally {
    session.destroy();
  }
}
