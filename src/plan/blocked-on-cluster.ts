/**
 * Who waits or fails on a Galera cluster (measured on MariaDB 10.11 with three nodes). A change of a table waits for no
 * transaction: it ends those that are in its way, on all nodes, and every write of the cluster waits for it.
 */
import { listed } from "../plural.ts";
import type { Statement } from "../steps/contract.ts";
import { writesRows } from "../writes-rows.ts";

const FAIL = "fail (error 1213, deadlock)";

/** `wait`: how long the statement takes, in words. */
export function blockedOnCluster({ fill, locks, online, sql }: Statement, wait: string): string {
  const everyWriter = `every writer on every node of the cluster for ${wait}`;
  if (fill !== undefined) return `sessions that change the rows of the same batch; on other nodes they ${FAIL}`;
  if (writesRows(sql)) return `sessions that change the same rows, until it ends; on other nodes they ${FAIL}`;
  if (online === undefined && /^\s*(?:create|grant|revoke)\b/i.test(sql)) return `${everyWriter}; no transaction fails`;
  const tables = locks.length === 0 ? "the table" : listed([...new Set(locks)]);
  return `${everyWriter}; open transactions on ${tables}, and open writes of their foreign-key parents and children, ${FAIL} on all nodes`;
}
