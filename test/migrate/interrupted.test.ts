/** Two Ctrl-C at any statement of a run, before, while or after the server works on it: the next run finishes it. */
import { setTimeout as sleep } from "node:timers/promises";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { MigrateError } from "../../src/errors.ts";
import { chance, limit } from "../support/proof.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { connectWith, twoSignals } from "../support/sessions.ts";
import { catalogOf, journalOf, upgrade } from "../support/upgrade.ts";

interface Moment {
  /** The statement, as a part of all that a run sends. */
  readonly at: number;
  /** Milliseconds after it is sent; undefined before that. */
  readonly after: number | "it is sent" | "it is done";
}

const moments: fc.Arbitrary<Moment> = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  after: fc.oneof(fc.constantFrom("it is sent" as const, "it is done" as const), fc.nat(20)),
});

/** Every statement of the run passes through here, counted from 0. */
async function upgradeWith(db: TestDatabase, at: number, moment: Moment["after"]) {
  const { killNow, ...signals } = twoSignals();
  let sent = 0;
  const run = upgrade(db, {
    signals,
    connect: connectWith(db, () => async (_, send) => {
      if (sent++ !== at) return send();
      if (moment === "it is sent") killNow();
      const answer = send();
      if (typeof moment === "number") void sleep(moment).then(killNow);
      if (moment === "it is done") await answer.then(killNow, killNow);
      return answer;
    }),
  });
  await run.catch((error: unknown) => {
    if (!(error instanceof MigrateError) || error.code !== "INTERRUPTED") throw error;
  });
  return sent;
}

onEveryServer("interrupted", (lane) => {
  test("at any statement", limit(240), async () => {
    await using undisturbed = await freshDatabase(lane, "official");
    const statements = await upgradeWith(undisturbed, -1, "it is sent");
    const [catalog, journal] = [await catalogOf(undisturbed), await journalOf(undisturbed)];
    const property = fc.asyncProperty(moments, async ({ at, after }) => {
      await using db = await freshDatabase(lane, "official");
      await upgradeWith(db, Math.floor(at * statements), after);
      expect(await db.query("SELECT owner FROM ispyb_migrate_lease")).toEqual([{ owner: null }]);
      await upgrade(db);
      expect(compareCatalogs(catalog, await catalogOf(db))).toEqual([]);
      expect(await journalOf(db)).toEqual(journal);
    });
    await fc.assert(property, { ...chance(50), endOnFailure: true });
  });
});
