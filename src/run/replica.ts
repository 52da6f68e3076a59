/** A replica is changed by its primary alone: what else writes there stops its replication at the next equal change. */
import { formatAccount } from "../access/account.ts";
import { formatChannel } from "../catalog/replication.ts";
import { type Server, formatNode } from "../catalog/server.ts";
import { MigrateError } from "../errors.ts";
import { type Hint, withNote, withOptions } from "../hint.ts";
import { listed } from "../plural.ts";

/** What helps where a server is not to be changed directly. */
export const onPrimary = "run the command on the primary server: replicas get the change from there";

/** Throws SERVER_IS_REPLICA where replication runs, unless `--on-replica` says that it is meant. */
export function assertNotReplica(server: Server, isMeant: boolean, retry: Hint): void {
  const { node, replication } = server;
  if (isMeant || replication.state !== "running") return;
  const sources = replication.channels.map(({ source }) => source);
  const of = sources.length === 0 ? "" : ` of ${listed(sources)}`;
  throw new MigrateError(
    "SERVER_IS_REPLICA",
    `this server is a replica${of}: changes made here break its replication`,
    {
      where: formatNode(node),
      found: sources.length === 0 ? unseenSource(server) : replication.channels.map(formatChannel),
      wanted: "the primary server, or one that no other server sends changes to",
      done: "nothing was changed",
      next: [
        onPrimary,
        withNote(
          withOptions(retry, { "on-replica": true }),
          "only if this server is meant to be changed directly, as in a ring",
        ),
      ],
    },
  );
}

/** What a person should know before a change: replication that is there, or that this account cannot see. */
export function replicationNote(server: Server): string | undefined {
  const { channels, state } = server.replication;
  const all = channels.map(formatChannel).join("; ");
  switch (state) {
    case "none":
      return undefined;
    case "running":
      return `this server is a replica: ${all === "" ? unseenSource(server) : all}`;
    case "stopped":
      return `replication is stopped: ${all}. If it is started again, changes made here can break it`;
    case "unseen":
      return `this account cannot see whether the server is a replica; as an administrator: ${grantToSee(server)}`;
  }
}

// --- internal ---

function unseenSource(server: Server): string {
  return `it applies changes of another server, which this account cannot see; as an administrator: ${grantToSee(server)}`;
}

function grantToSee({ account, replication }: Server): string {
  return `GRANT ${replication.privilege} ON *.* TO ${formatAccount(account)};`;
}
