/**
 * A run that is cut off after any of its statements is run again: the schema and the journal are those of an
 * undisturbed run.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { connect } from "../../src/db/connect.ts";
import type { Db } from "../../src/db/db.ts";
import type { Catalog } from "../../src/model.ts";
import { onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { catalogOf, journalOf, migrationNames, targetOf, upgrade } from "../support/upgrade.ts";
import { CutOff, cutPoints, cuttingConnect, passing, pointsOf } from "./cut.ts";

/** How many statements there are is known only when they are sent: each part takes every eighth of them. */
const parts = [1, 2, 3, 4, 5, 6, 7, 8];

onEveryServer("resume", (lane) => {
  const makeDatabase = sharedServer(lane);

  describe("cut off after every statement, the next run has the result of an undisturbed one", () => {
    const all = { sent: 0, texts: [] as string[] };
    let catalog: Catalog;
    let journal: Awaited<ReturnType<typeof journalOf>>;

    beforeAll(async () => {
      await using undisturbed = await makeDatabase("official");
      await upgrade(undisturbed, { connect: cuttingConnect(undisturbed, all) });
      [catalog, journal] = [await catalogOf(undisturbed), await journalOf(undisturbed)];
    });

    test.each(parts)(`part %i of ${parts.length}`, async (part) => {
      expect(all.sent).toBeGreaterThan(8 * 3);
      const points = pointsOf(lane, cutPoints(all)).filter((_, nth) => nth % parts.length === part - 1);
      expect(points).not.toEqual([]);
      for (const at of points) {
        const place = `after statement ${at}`;
        await using db = await makeDatabase("official");
        const counter = { sent: 0 };
        const cutOff = upgrade(db, { connect: cuttingConnect(db, counter, { at, when: "after the server did it" }) });
        // The last statements of a run only tidy up; losing the connection there is no failure of the run.
        await cutOff.catch((error: unknown) => expect(error, place).toBeInstanceOf(CutOff));
        expect(counter.sent, place).toBeGreaterThanOrEqual(at);

        const result = await upgrade(db);
        expect(result.verification.differences, place).toEqual([]);
        expect(compareCatalogs(catalog, await catalogOf(db)), place).toEqual([]);
        expect(await journalOf(db), place).toEqual(journal);
      }
    });
  });

  test("a row without a parent that was written while the key was added is found by the run after a kill", async () => {
    await using db = await makeDatabase("official");
    const cutOff = upgrade(db, {
      connect: async (role) => {
        const session = await connect(targetOf(db), role);
        if (role !== "main") return session;
        return {
          ...passing(session),
          async run(sql: string, values?: Parameters<Db["run"]>[1]) {
            const isKey = sql.includes("ADD CONSTRAINT `AutoProcProgram_FK2`");
            if (isKey) await db.query("UPDATE AutoProcProgram SET processingJobId = 77 WHERE autoProcProgramId = 1");
            const outcome = await session.run(sql, values);
            if (!isKey) return outcome;
            session.destroy();
            throw new CutOff();
          },
        };
      },
    });
    await expect(cutOff).rejects.toBeInstanceOf(CutOff);
    await expect(upgrade(db)).rejects.toMatchObject({ code: "ORPHANS" });
    expect((await catalogOf(db)).tables["AutoProcProgram"]?.foreignKeys.map((key) => key.name)).not.toContain(
      "AutoProcProgram_FK2",
    );

    await db.query("UPDATE AutoProcProgram SET processingJobId = NULL");
    const result = await upgrade(db);
    expect(result.verification.differences).toEqual([]);
  });

  test("two runs at once: one works, the other waits for the lease, both succeed", async () => {
    await using db = await makeDatabase("official");
    const results = await Promise.all([upgrade(db), upgrade(db)]);
    expect(results.flatMap((result) => result.recorded).toSorted()).toEqual(await migrationNames());
    expect(results.map((result) => result.verification.differences)).toEqual([[], []]);
    expect(await db.query("SELECT owner, fence FROM ispyb_migrate_lease")).toEqual([{ owner: null, fence: 2 }]);
  });
});
