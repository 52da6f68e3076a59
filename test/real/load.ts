import { join } from "node:path";
import { loadBase } from "../../src/base/load-base.ts";
import { connect } from "../../src/db/connect.ts";
import type { TestDatabase } from "../support/servers.ts";
import { targetOf } from "../support/upgrade.ts";

/** Scripts of a folder, loaded as the stock client loads them. */
export async function load(db: TestDatabase, folder: string, scripts: readonly string[]): Promise<void> {
  await using session = await connect(targetOf(db));
  await loadBase(
    session,
    scripts.map((name) => join(folder, name)),
  );
}
