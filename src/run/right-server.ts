import type { Server } from "../catalog/server.ts";
import type { Hint } from "../hint.ts";
import { assertNotReplica } from "./replica.ts";
import { assertSynced } from "./synced.ts";

/** Throws SERVER_IS_REPLICA or NODE_NOT_SYNCED: a change belongs on another server. */
export function assertRightServer(server: Server, onReplica: boolean | undefined, retry: Hint): void {
  assertNotReplica(server, onReplica ?? false, retry);
  assertSynced(server, retry);
}
