/**
 * Data of failed tests, kept to be looked at: a copy of the database in the same server, which then outlives its
 * owner, until prune-kept.ts ends it.
 */
import { connect } from "../db/connect.ts";
import { errorNumbers } from "../db/error-numbers.ts";
import { ServerError } from "../db/server-errors.ts";
import { anyClient } from "../dialect/unknown-server.ts";
import { copyDatabase } from "../reset/copy.ts";
import { grantPattern } from "../reset/install.ts";
import { SCHEMA } from "../reset/tables.ts";
import { register } from "../server/registry.ts";
import { shellWord } from "../shell-word.ts";
import { text } from "../sql.ts";
import { type TestDatabase, urlOf } from "./account.ts";
import type { Description } from "./description.ts";
import type { Sandbox } from "./sandbox.ts";
import { targetOf } from "./target.ts";

/** Copies a worker's database as it is now; the worker's account can open the copy. */
export async function keepDatabase(
  sandbox: Description,
  { name, user, password }: TestDatabase,
): Promise<TestDatabase> {
  await using db = await connect(targetOf(sandbox, sandbox.admin, SCHEMA));
  for (let number = 1; ; number++) {
    const copy = `ispyb_kept_${number}`;
    try {
      await copyDatabase(db, name, copy);
    } catch (error) {
      // An earlier test, or one of another worker.
      if (error instanceof ServerError && error.code === errorNumbers.ER_DB_CREATE_EXISTS) continue;
      throw error;
    }
    await db.run(`GRANT ALL PRIVILEGES ON ${grantPattern(copy)}.* TO ${text(user)}@'%'`);
    return { name: copy, user, password, url: urlOf(sandbox, { user, password }, copy) };
  }
}

/** The line for a shell that opens a database in the stock client. */
export function openingLine(sandbox: Description, { name, user, password }: TestDatabase): string {
  const { host, port, socket } = sandbox;
  const place = socket === undefined ? [`--host=${host}`, `--port=${port}`, "--protocol=tcp"] : [`--socket=${socket}`];
  return `MYSQL_PWD=${shellWord(password)} ${[anyClient, ...place, `--user=${user}`, name].map(shellWord).join(" ")}`;
}

/** Lets the sandbox outlive this process if it holds kept databases, and returns their names. */
export async function detachIfKept(
  sandbox: Sandbox & { readonly description: Description },
): Promise<readonly string[]> {
  const kept = await keptDatabases(sandbox);
  if (kept.length === 0) return kept;
  await register(sandbox.folder, { ...sandbox.description, kept } satisfies Description);
  sandbox.detach?.();
  return kept;
}

// --- internal ---

async function keptDatabases(sandbox: Description): Promise<string[]> {
  await using db = await connect(targetOf(sandbox, sandbox.admin, SCHEMA));
  const rows = await db.rows<{ name: string }>(
    String.raw`SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'ispyb\_kept\_%' ORDER BY name`,
  );
  return rows.map(({ name }) => name);
}
