/** Another run takes the lease over while one works: the first can write nothing any more, and the next one finishes. */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { meddlingConnect } from "../migrate/meddle.ts";
import { type TestDatabase, freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { connectWith } from "../support/sessions.ts";
import { catalogOf, journalOf, takeDown, upgrade } from "../support/upgrade.ts";

const takeOver =
  "UPDATE ispyb_migrate_lease SET owner = 'another run', fence = fence + 1, expires_at = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR";

/** The other run ends. */
async function release(db: TestDatabase): Promise<void> {
  expect(await db.query("SELECT owner FROM ispyb_migrate_lease")).toEqual([{ owner: "another run" }]);
  await db.query("UPDATE ispyb_migrate_lease SET owner = NULL");
}

const lost = {
  code: "LEASE_LOST",
  exit: 2,
  message: "another run took over the lease while this one was working",
  details: { where: "ispyb_migrate_lease" },
};

onEveryServer("the lease is lost", (lane) => {
  test("up: its statement has succeeded, its outcome is not recorded; the next up finishes", async () => {
    await using undisturbed = await upgradedDatabase(lane, "official");
    await using db = await freshDatabase(lane, "official");
    const connect = meddlingConnect(db, /^ALTER TABLE `AutoProcProgram` ADD COLUMN/, takeOver);
    await expect(upgrade(db, { connect })).rejects.toMatchObject(lost);
    const unfinished = (await journalOf(db)).filter(({ state }) => state === "intended");
    expect(unfinished.map(({ what }) => what)).toContain("add column AutoProcProgram.jobUuid");
    const columns = (await catalogOf(db)).tables["AutoProcProgram"]?.columns.map(({ name }) => name);
    expect(columns).toContain("jobUuid");

    await release(db);
    const { verification } = await upgrade(db);
    expect(verification.differences).toEqual([]);
    expect(compareCatalogs(await catalogOf(undisturbed), await catalogOf(db))).toEqual([]);
    expect((await journalOf(db)).map(({ state }) => state)).not.toContain("intended");
  });

  test("before a statement is sent: it is not sent", async () => {
    await using db = await freshDatabase(lane, "official");
    const sent: string[] = [];
    let isLost = false;
    const run = upgrade(db, {
      connect: connectWith(db, () => async (sql, send) => {
        if (isLost) sent.push(sql);
        const answer = await send();
        if (!isLost && sql.startsWith("INSERT INTO ispyb_migrate_journal")) {
          isLost = true;
          await db.query("UPDATE ispyb_migrate_lease SET owner = 'another run', fence = fence + 1");
        }
        return answer;
      }),
    });
    await expect(run).rejects.toMatchObject({ code: "LEASE_LOST" });
    expect(sent.filter((sql) => /^\s*(?:CREATE|ALTER|DROP|RENAME|UPDATE Auto)/i.test(sql))).toEqual([]);
    expect(await db.query("SHOW TABLES LIKE 'ProcessingJob'")).toEqual([]);
  });

  test("down: the record of what it undid remains; the next down finishes", async () => {
    await using db = await upgradedDatabase(lane, "official");
    const before = await journalOf(db);
    const connect = meddlingConnect(db, /^ALTER TABLE `AutoProcProgram` RENAME COLUMN `jobUuid`/, takeOver);
    await expect(takeDown(db, { connect })).rejects.toMatchObject(lost);
    const step = (rows: typeof before) => rows.find(({ what }) => what === "add column AutoProcProgram.jobUuid");
    expect(step(before)).toBeDefined();
    expect(step(await journalOf(db))).toMatchObject({ what: "add column AutoProcProgram.jobUuid" });

    await release(db);
    await takeDown(db);
    expect(await db.query("SHOW TABLES LIKE 'ispyb\\_migrate\\_%'")).toEqual([]);
  });
});
