import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { statements } from "../../src/db/split-script.ts";
import type { TestDatabase } from "../support/servers.ts";

/** Scripts of a folder, as the stock client loads them: their own session settings are in them. */
export async function load(db: TestDatabase, folder: string, scripts: readonly string[]): Promise<void> {
  const raw = await db.connection();
  await raw.query("SET NAMES utf8mb4");
  await raw.query("SET SESSION sql_mode = ''");
  for (const name of scripts) {
    for (const { sql } of statements(await readFile(join(folder, name), "utf8"))) await raw.query(sql);
  }
}
