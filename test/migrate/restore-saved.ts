import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
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

/**
 * The files that one `down` left, as their first lines say: what was deleted last comes after the others, or before them if they
 * need it. If its rows still exist, it changes nothing.
 */
export async function restoreAll(db: TestDatabase, folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql.gz"));
  const last = names.filter((name) => name.endsWith(".last.sql.gz"));
  const main = names.find((name) => !last.includes(name));
  const restoreLast = async () => {
    for (const name of last) {
      await restoreSaved(db, join(folder, name)).catch((error: { errno?: number }) => {
        if (error.errno !== 1062) throw error;
      });
    }
  };
  const restoreMain = async () => (main === undefined ? undefined : await restoreSaved(db, join(folder, main)));
  await restoreMain().then(restoreLast, async (error: Error) => {
    if (!error.message.includes("nothing was restored") || last.length === 0) throw error;
    await restoreLast();
    await restoreMain();
  });
}
