/**
 * Runs that begin at the same time. Whatever comes first, and whichever of them is cut off: the lease never has two owners,
 * a run that lost it sends nothing, and each run ends with 0 or 3.
 */
import { setTimeout as sleep } from "node:timers/promises";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readServer } from "../../src/catalog/server.ts";
import { connect } from "../../src/db/connect.ts";
import { ReplaceableDb } from "../../src/db/replaceable.ts";
import { MigrateError } from "../../src/errors.ts";
import { hint } from "../../src/hint.ts";
import { acquireLease } from "../../src/state/lease.ts";
import type { LeaseTimes } from "../../src/state/lease-times.ts";
import { runOn } from "../cli/run-cli.ts";
import { limit, seed, tries } from "../support/proof.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { targetOf } from "../support/upgrade.ts";

/** A hundredth of the usual times, but for what the server counts in whole seconds. */
const quick: Partial<LeaseTimes> = { heartbeat: 40, poll: 5, silence: 1, patience: 20_000 };

/** How a runner ends: it releases the lease; both its sockets are closed; or it hangs, and goes on later. */
const ends = ["released", "cut off", "hung"] as const;
const runner = fc.record({
  begins: fc.nat(40),
  works: fc.nat(30),
  ends: fc.oneof(
    { weight: 30, arbitrary: fc.constant(ends[0]) },
    { weight: 1, arbitrary: fc.constantFrom(...ends.slice(1)) },
  ),
});
const race = fc.array(runner, { minLength: 2, maxLength: 4 });

class Track {
  owners = new Set<number>();
  most = 0;
  fences: number[] = [];
  lost = 0;
}

interface Runner {
  readonly begins: number;
  readonly works: number;
  readonly ends: (typeof ends)[number];
}

async function compete(db: TestDatabase, id: number, own: Runner, track: Track) {
  await sleep(own.begins);
  const main = await connect(targetOf(db));
  const watchdog = await ReplaceableDb.open(() => connect(targetOf(db), "watchdog"));
  try {
    const server = await readServer(main);
    // A holder that hangs sends no heartbeats.
    const times = own.ends === "hung" ? { ...quick, heartbeat: 3_600_000 } : quick;
    const lease = await acquireLease(
      { main, watchdog, server, times },
      () => {},
      new AbortController().signal,
      hint("up"),
    );
    track.owners.add(id);
    track.most = Math.max(track.most, track.owners.size);
    track.fences.push(lease.fence);
    await sleep(own.works);
    if (own.ends === "hung") {
      // From here on the others may take over; when it goes on, it is told so, or it is still the owner.
      track.owners.delete(id);
      await sleep(1_500);
      const [row] = await db.query<{ fence: number }>("SELECT fence FROM ispyb_migrate_lease");
      const isTaken = Number(row?.fence) !== lease.fence;
      const outcome = await lease.extend().then(
        () => "held",
        (error: unknown) => (error instanceof MigrateError ? error.code : error),
      );
      if (isTaken) expect(outcome).toBe("LEASE_LOST");
      if (outcome === "LEASE_LOST") track.lost++;
    } else {
      await lease.extend();
    }
    track.owners.delete(id);
    if (own.ends === "cut off") {
      main.destroy();
      watchdog.destroy();
    }
    await lease[Symbol.asyncDispose]();
  } finally {
    await main[Symbol.asyncDispose]();
    await watchdog[Symbol.asyncDispose]();
  }
}

onEveryServer("races", (lane) => {
  test("for the lease: one owner at a time, and each gets it", limit(300), async () => {
    await using db = await freshDatabase(lane, "empty");
    const races = fc.sample(race, { seed: seed(), numRuns: tries(1000) });
    const track = new Track();
    let runners = 0;
    for (const each of races) {
      await Promise.all(each.map((own) => compete(db, ++runners, own, track)));
    }
    expect(track.most).toBe(1);
    expect(track.fences).toHaveLength(runners);
    expect(track.fences.toSorted((a, b) => a - b)).toEqual(track.fences);
    expect(new Set(track.fences).size).toBe(runners);
  });

  const makeDatabase = sharedServer(lane);
  const moments = fc.sample(fc.nat(1500), { seed: seed(), numRuns: tries(100) });
  test.each(moments)(
    "of two whole runs, the second %i ms later: each ends with 0 or 3, and the result is right",
    limit(120),
    async (later) => {
      await using db = await makeDatabase("official");
      const outcomes = await Promise.all([
        runOn(db, ["up", "--yes"]),
        sleep(later).then(() => runOn(db, ["up", "--yes"])),
      ]);
      for (const { exit, stderr } of outcomes) expect([0, 3], stderr).toContain(exit);
      expect(outcomes.map(({ exit }) => exit)).toContain(0);
      const verify = await runOn(db, ["verify"]);
      expect(verify.exit, verify.stdout).toBe(0);
    },
  );
});
