/** The databases of a server for tests, one for each worker: clones of one content, each with an account of its own. */
import { connect } from "../db/connect.ts";
import { type Db, toOwnServer } from "../db/db.ts";
import { cloneDatabase } from "../reset/clone.ts";
import { type Content, readStoredContent } from "../reset/content.ts";
import { SCHEMA } from "../reset/tables.ts";
import type { RunningServer } from "../server/provider.ts";
import { text } from "../sql.ts";
import { type TestDatabase, newPassword, urlOf } from "./account.ts";

/** `ispyb_1`, for the first worker; its account has the same name. */
function nameOf(worker: number): string {
  return `ispyb_${worker}`;
}

/**
 * Creates a worker's database and its account, which is locked until it has a password. Only while no other session works
 * on the server.
 */
export async function createDatabase(db: Db, content: Content, worker: number): Promise<void> {
  const name = nameOf(worker);
  await db.run(`CREATE USER ${accountOf(name)} IDENTIFIED BY ${text(newPassword())} ACCOUNT LOCK`);
  await cloneDatabase(db, content, { name, account: name, host: ANY_HOST, isAlone: true });
}

/** The databases of so many workers: creates those that the template lacks, and gives each account a new password. */
export async function openDatabases(
  server: RunningServer,
  workers: number,
  report: (line: string) => void,
): Promise<TestDatabase[]> {
  const { host, port, user, password } = server;
  await using db = await connect({ host, port, user, password, database: SCHEMA, ...toOwnServer });
  if (workers > 1) {
    const content = await storedContent(db);
    for (let worker = 2; worker <= workers; worker++) {
      await createDatabase(db, content, worker);
      if (worker % REPORTED === 0) report(`${worker} of ${workers} databases are ready`);
    }
  }
  const databases: TestDatabase[] = [];
  for (let worker = 1; worker <= workers; worker++) {
    const name = nameOf(worker);
    const account = { user: name, password: newPassword() };
    await db.run(`ALTER USER ${accountOf(name)} IDENTIFIED BY ${text(account.password)} ACCOUNT UNLOCK`);
    databases.push({ name, ...account, url: urlOf(server, account, name) });
  }
  // Last, because the statements above look like changes of definitions. Without it, the first reset restores every row.
  for (const { name } of databases) await db.run(`CALL ${SCHEMA}.take_baseline(?)`, [name]);
  return databases;
}

// --- internal ---

const ANY_HOST = "%";

/** So many databases take seconds on a slow server: a line after each such number of them. */
const REPORTED = 25;

function accountOf(name: string): string {
  return `${text(name)}@${text(ANY_HOST)}`;
}

/** The only content of a template. */
async function storedContent(db: Db): Promise<Content> {
  const [row] = await db.rows<{ id: string }>(`SELECT id FROM ${SCHEMA}.content`);
  const content = row === undefined ? undefined : await readStoredContent(db, row.id);
  if (content === undefined) throw new Error("a template without a content");
  return content;
}
