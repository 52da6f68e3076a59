/** What a member of a Galera cluster says of itself and of the others. */
import type { Db } from "../db/db.ts";

export interface ClusterMember {
  /** The identity of the cluster; empty if the member does not know it. */
  readonly cluster: string;
  /** "Primary", or the word for a member that has lost the majority. */
  readonly status: string;
  /** "Synced", or what the member does instead: it joins, gives its data to another one, or is behind. */
  readonly state: string;
  readonly isReady: boolean;
  /** Where clients reach each member that it sees, itself included: host and port, or empty where it is not told. */
  readonly addresses: readonly string[];
  /** Its own place among `addresses`. */
  readonly index: number;
}

/** Needs no privilege. */
export async function readClusterMember(db: Db): Promise<ClusterMember> {
  const rows = await db.rows<{ Variable_name: string; Value: string }>(
    "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_cluster_state_uuid', 'wsrep_cluster_status', " +
      "'wsrep_local_state_comment', 'wsrep_ready', 'wsrep_incoming_addresses', 'wsrep_local_index')",
  );
  const values = new Map(rows.map((row) => [row.Variable_name.toLowerCase(), row.Value]));
  const value = (name: string) => values.get(name) ?? "";
  return {
    cluster: value("wsrep_cluster_state_uuid"),
    status: value("wsrep_cluster_status"),
    state: value("wsrep_local_state_comment"),
    isReady: value("wsrep_ready") === "ON",
    addresses: value("wsrep_incoming_addresses")
      .split(",")
      .map((address) => (address === "AUTO" ? "" : address)),
    index: Number(value("wsrep_local_index")),
  };
}

/** Whether the member has every change of its cluster, and may make changes. */
export function isSynced({ isReady, state, status }: ClusterMember): boolean {
  return status === "Primary" && state === "Synced" && isReady;
}
