/**
 * Other nodes compared with the first one: members of its Galera cluster, its replicas, or its primary. On a cluster the
 * session reads only when its node has every change of the others; a replica may be behind.
 */
import { isDeepStrictEqual } from "node:util";
import type { NotVisible } from "../../access/not-visible.ts";
import { formatNode } from "../../catalog/server.ts";
import type { Db } from "../../db/db.ts";
import { MigrateError } from "../../errors.ts";
import { type ComparedNode, compareNode } from "./compare-node.ts";
import { type Picture, readPicture } from "./picture.ts";

export interface NodeSession {
  /** What messages call it: `db2:3306`. */
  readonly name: string;
  readonly db: Db;
}

export interface Comparison {
  readonly nodes: readonly ComparedNode[];
  /** What the first one's account cannot see. */
  readonly notVisible: readonly NotVisible[];
  readonly failures: readonly NodeFailure[];
}

/** Why a node could not be compared. */
export interface NodeFailure {
  readonly name: string;
  readonly error: unknown;
}

export const noNodes: Comparison = { nodes: [], notVisible: [], failures: [] };

/** Readings of all nodes while another run changes them. */
const READINGS = 5;

/** Compares by SELECT and SHOW alone. Throws USAGE if two of the sessions are on one node. */
export async function compareNodes(first: NodeSession, others: readonly NodeSession[]): Promise<Comparison> {
  if (others.length === 0) return noNodes;
  for (let reading = 1; ; reading++) {
    const wanted = await readPicture(first.db);
    const pictures: { readonly name: string; readonly picture: Picture }[] = [];
    const failures: NodeFailure[] = [];
    for (const { db, name } of others) {
      try {
        pictures.push({ name, picture: await readPicture(db) });
      } catch (error) {
        failures.push({ name, error });
      }
    }
    assertEachOnce([{ name: first.name, picture: wanted }, ...pictures]);
    const nodes = pictures.map(({ name, picture }) => compareNode(name, wanted, picture));
    const isEqual = nodes.every(({ differences }) => differences.length === 0);
    // What was changed between two of the readings is no difference.
    if (!isEqual && reading < READINGS && !isDeepStrictEqual(await readPicture(first.db), wanted)) continue;
    return { nodes, notVisible: wanted.notVisible, failures };
  }
}

// --- internal ---

function assertEachOnce(read: readonly { readonly name: string; readonly picture: Picture }[]): void {
  const byNode = Map.groupBy(read, ({ picture }) => picture.server.node);
  const [node, same] = [...byNode].find(([, each]) => each.length > 1) ?? [];
  if (node === undefined || same === undefined) return;
  throw new MigrateError("USAGE", "two of the addresses lead to one node", {
    where: formatNode(node),
    found: same.map(({ name }) => name),
    wanted: "each node once",
    done: "nothing was compared",
    next: "leave one of them out; if an address belongs to a proxy, give the addresses of the nodes instead",
  });
}
