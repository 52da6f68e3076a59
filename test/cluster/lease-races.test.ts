/** Races for the lease through three nodes of a cluster: there is never more than one owner, and each run gets its turn. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { readServer } from "../../src/catalog/server.ts";
import { connect } from "../../src/db/connect.ts";
import { hint } from "../../src/hint.ts";
import { withLease } from "../../src/run/with-lease.ts";
import { onCluster } from "../support/on-cluster.ts";
import { limit, seed, tries } from "../support/proof.ts";
import type { TestDatabase } from "../support/servers.ts";
import { targetOf } from "../support/upgrade.ts";

/** Databases in which races are held side by side. */
const TRACKS = 6;
/** Milliseconds of the longest head start, and of the longest time that the lease is kept. */
const LONGEST = 60;

/** Numbers from 0 to 1 that a seed decides. */
function numbersFrom(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** One run through this node; `holding` runs while it is the owner. */
async function takeTurn(
  node: TestDatabase,
  database: string,
  holding: (fence: number) => Promise<void>,
): Promise<void> {
  const target = { ...targetOf(node), database };
  await using main = await connect(target);
  const server = await readServer(main);
  const never = new AbortController().signal;
  const request = {
    connect: () => connect(target),
    main,
    server,
    signals: { stop: never, kill: never },
    progress: () => {},
    retry: hint("up"),
  };
  await withLease(request, async ({ lease }) => {
    await holding(lease.fence);
    await lease.extend(1);
    lease.check();
  });
}

await onCluster("the lease", (nodes) => {
  test("three runs through three nodes: one owner at a time", limit(120), async () => {
    const races = tries(300);
    const [first] = nodes();
    const random = numbersFrom(seed());
    let raced = 0;
    const track = async (at: number) => {
      const database = `race${at}`;
      await first.query(`CREATE DATABASE ${database}`);
      const owners: number[] = [];
      let owned = 0;
      for (; raced < races;) {
        const race = raced++;
        let active = 0;
        const turns = nodes().map(async (node) => {
          const [start, length] = [random() * LONGEST, random() * LONGEST];
          await sleep(start);
          await takeTurn(node, database, async (fence) => {
            expect(++active, `owners at once in race ${race}`).toBe(1);
            owners.push(fence);
            await sleep(length);
            active--;
          });
        });
        await Promise.all(turns);
        owned += nodes().length;
      }
      expect(owners).toHaveLength(owned);
      expect(owners).toEqual(owners.toSorted((one, other) => one - other));
      expect(new Set(owners).size).toBe(owned);
    };
    await Promise.all(Array.from({ length: TRACKS }, (_, at) => track(at)));
    expect(raced).toBe(races);
  });
});
