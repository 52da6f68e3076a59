import type { NotVisible } from "../../access/not-visible.ts";
import type { Server } from "../../catalog/server.ts";
import { type Next, hint } from "../../hint.ts";
import { replicationNote } from "../../run/replica.ts";
import { memberNote } from "../../run/synced.ts";
import type { Finding } from "../finding.ts";
import type { Notice } from "../notices.ts";
import { comparePictures } from "./compare-pictures.ts";
import type { Picture } from "./picture.ts";

export interface ComparedNode {
  /** What messages call it: `db2:3306`. */
  readonly name: string;
  readonly server: Server;
  readonly differences: readonly Finding[];
  readonly notices: readonly Notice[];
  readonly notVisible: readonly NotVisible[];
}

/** One node beside the first one: how the two are related, and what differs. */
export function compareNode(name: string, first: Picture, other: Picture): ComparedNode {
  const { notVisible, server } = other;
  const repair = repairOf(name, server);
  const notes = [memberNote(server), replicationNote(server)].filter((note) => note !== undefined);
  return {
    name,
    server,
    differences: [
      ...relation(name, first.server, server),
      ...comparePictures(first, other).map((each): Finding => ({ node: name, ...each, repair })),
    ],
    notices: notes.map((note) => ({ what: `${name}: ${note}` })),
    notVisible: notVisible.map(({ next, problem }) => ({ problem: `${name}: ${problem}`, next })),
  };
}

// --- internal ---

/** A difference where changes of the first node do not reach this one, nor the other way round. */
function relation(name: string, first: Server, { cluster, group, identity, replication }: Server): Finding[] {
  const isOfCluster = first.cluster && cluster && first.identity === identity;
  const isOfGroup = group !== undefined && first.group === group;
  const isReplica = [first.replication, replication].some(({ state }) => state !== "none");
  if (isOfCluster || isOfGroup || isReplica) return [];
  const what = first.cluster
    ? "it is no member of this cluster, and no replica: changes do not reach it"
    : "neither of the two is a replica: changes of one do not reach the other";
  return [{ node: name, name, what, repair: ["find out why, or leave this node out"] }];
}

function repairOf(name: string, { cluster, replication }: Server): Next[] {
  if (cluster) {
    return [
      `if ${name} is the one that is wrong: stop its server, delete grastate.dat in its data directory, start it again; it then takes all data from another node`,
    ];
  }
  if (replication.state === "none") return [];
  return [
    hint("verify", { note: `again, once ${name} has caught up` }),
    "if it differs then, too: make this replica again from a copy of its source",
  ];
}
