/** Up, down and up again: each schema is the same as before, and no other row is changed. */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { catalogOf, checksums, journalOf, migrationNames, takeDown, upgrade } from "../support/upgrade.ts";

onEveryServer("cycle", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("everything up, everything down, everything up again", async () => {
    await using db = await makeDatabase("official");
    const [first, rows] = [await catalogOf(db), await checksums(db)];
    await upgrade(db);
    const [second, journal] = [await catalogOf(db), await journalOf(db)];

    const { plan, undone, saved } = await takeDown(db);
    expect(plan.everything).toBe(true);
    expect(undone).toEqual((await migrationNames()).toReversed());
    expect(saved).toBeUndefined();
    expect(compareCatalogs(first, await catalogOf(db))).toEqual([]);
    expect(await checksums(db)).toEqual(rows);
    expect(await db.query("SHOW TABLES LIKE 'ispyb\\_migrate\\_%'")).toEqual([]);

    const again = await upgrade(db);
    expect(again.verification.differences).toEqual([]);
    expect(compareCatalogs(second, await catalogOf(db))).toEqual([]);
    expect(await journalOf(db)).toEqual(journal);
  });

  test("every migration alone: up, down, up", async () => {
    await using db = await makeDatabase("official");
    for (const name of await migrationNames()) {
      const before = await catalogOf(db);
      const { recorded } = await upgrade(db, { to: name });
      expect(recorded, name).toEqual([name]);
      const after = await catalogOf(db);

      const { undone } = await takeDown(db, { until: { last: 1 } });
      expect(undone, name).toEqual([name]);
      expect(compareCatalogs(before, await catalogOf(db)), name).toEqual([]);

      await upgrade(db, { to: name });
      expect(compareCatalogs(after, await catalogOf(db)), name).toEqual([]);
    }
  });
});
