/** What `provision` and `provision remove` begin with: every check of the server, and one run at a time. */
import { type Server, formatNode, readServer } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import type { Hint } from "../hint.ts";
import { assertWritable } from "../preflight/writable.ts";
import { SCHEMA } from "../reset/tables.ts";
import { assertRightServer } from "../run/right-server.ts";
import { assertMayProvision } from "./rights.ts";

/** Opens a session, in this database. */
export type Connect = (role: string, database: string) => Promise<Db>;

export interface OpenServer extends AsyncDisposable {
  readonly db: Db;
  readonly server: Server;
}

export interface Opening {
  readonly connect: Connect;
  readonly report: (line: string) => void;
  /** The server may be a replica. */
  readonly onReplica?: boolean;
}

/** Seconds to wait for another run. */
const PATIENCE = 60;

/** Throws SERVER_UNSUPPORTED, SESSION_MOVED, SERVER_IS_REPLICA, SERVER_READ_ONLY, MISSING_PRIVILEGE or LEASE_HELD; nothing was changed then. */
export async function openServer({ connect, onReplica, report }: Opening, retry: Hint): Promise<OpenServer> {
  const db = await connect("provision", "information_schema");
  try {
    const server = await readServer(db);
    await assertRightServer(db, server, onReplica, retry);
    assertWritable(server);
    assertSingle(server);
    await assertMayProvision(db, server);
    await takeLock(db, report);
    // The end of the session releases the lock.
    return { db, server, [Symbol.asyncDispose]: () => db[Symbol.asyncDispose]() };
  } catch (error) {
    await db[Symbol.asyncDispose]();
    throw error;
  }
}

/** A reset asks one server what changed; the nodes of a cluster know that only of themselves. */
export function assertSingle({ cluster, node }: Pick<Server, "cluster" | "node">): void {
  if (!cluster) return;
  throw new MigrateError("SERVER_UNSUPPORTED", "a Galera cluster cannot hold test databases", {
    where: formatNode(node),
    found: "an exact reset needs one server that sees every change",
    done: "nothing was changed",
    next: "use a single server, only for tests",
  });
}

// --- internal ---

async function takeLock(db: Db, report: (line: string) => void): Promise<void> {
  const take = async (seconds: number) => {
    const [row] = await db.rows<{ taken: number | null }>("SELECT GET_LOCK(?, ?) AS taken", [
      `${SCHEMA} provision`,
      seconds,
    ]);
    return Number(row?.taken) === 1;
  };
  if (await take(0)) return;
  report("waiting for another run that provisions this server");
  if (await take(PATIENCE)) return;
  throw new MigrateError("LEASE_HELD", "another run is provisioning this server", {
    where: SCHEMA,
    found: `it has been working for more than ${PATIENCE} s`,
    done: "nothing was changed",
    next: "retry when it has ended; SHOW PROCESSLIST shows its session",
  });
}
