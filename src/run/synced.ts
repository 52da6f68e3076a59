/** A cluster is changed by a node that takes part in it. */
import { type ClusterMember, isSynced } from "../catalog/cluster.ts";
import { type Server, formatNode } from "../catalog/server.ts";
import { MigrateError } from "../errors.ts";
import { type Hint, withNote } from "../hint.ts";

/** The statement that shows what a node does. */
const look =
  "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_cluster_status', 'wsrep_local_state_comment', 'wsrep_ready', 'wsrep_local_recv_queue');   -- on this node";

/** Throws NODE_NOT_SYNCED for a node of a Galera cluster that is not Primary and Synced. */
export function assertSynced({ member, node }: Server, retry: Hint): void {
  if (member === undefined || isSynced(member)) return;
  throw new MigrateError("NODE_NOT_SYNCED", `this node of the cluster is ${inWords(member)}`, {
    where: formatNode(node),
    found: `wsrep_cluster_status ${member.status}, wsrep_local_state_comment ${member.state}, wsrep_ready ${member.isReady ? "ON" : "OFF"}`,
    wanted: "wsrep_cluster_status Primary, wsrep_local_state_comment Synced, wsrep_ready ON",
    done: "nothing was changed",
    next: [look, withNote(retry, "once it is Synced; or with --url of another node")],
  });
}

/** What a person should know of the node; undefined if there is nothing. */
export function memberNote({ member }: Server): string | undefined {
  if (member === undefined || isSynced(member)) return undefined;
  return `this node of the cluster is ${inWords(member)}: what it shows may be old`;
}

// --- internal ---

function inWords({ state, status }: ClusterMember): string {
  return status === "Primary" ? `not synced, but ${state}` : `cut off from the majority (${status})`;
}
