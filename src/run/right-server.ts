import type { Server } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import type { Hint } from "../hint.ts";
import { assertSteady } from "../state/same-session.ts";
import { assertNotReplica } from "./replica.ts";
import { assertSynced } from "./synced.ts";

/** Throws SESSION_MOVED, SERVER_IS_REPLICA or NODE_NOT_SYNCED: a change belongs on another server. */
export async function assertRightServer(
  db: Db,
  server: Server,
  onReplica: boolean | undefined,
  retry: Hint,
): Promise<void> {
  // Behind a proxy that splits reads it is the other server that says whether it is a replica.
  await assertSteady(db, server, retry);
  assertNotReplica(server, onReplica ?? false, retry);
  assertSynced(server, retry);
}
