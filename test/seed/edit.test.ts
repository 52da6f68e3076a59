/** A story that changed updates what it made; what others need is not taken from them. */
import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { checksums, targetOf } from "../support/upgrade.ts";
import { until } from "../support/within.ts";
import { expectUnchanged, idOf, migrated, small, sow, uproot } from "./seeding.ts";

const sweepsOf = (db: TestDatabase, job: number) =>
  db.query(
    "SELECT processingJobImageSweepId AS id, dataCollectionId AS dc, startImage AS first, endImage AS last FROM ProcessingJobImageSweep WHERE processingJobId = ? ORDER BY 1",
    [job],
  );

onEveryServer("an edited story", (lane) => {
  for (const base of ["official", "diamond"] as const) {
    test(`${base}: changes, adds and removes what it made, and keeps ids`, async () => {
      await using db = await migrated(lane, base);
      const before = await checksums(db);
      const first = await sow(db, [{ text: small }]);
      const job = idOf(first, "job1");
      const [one, two] = await sweepsOf(db, job);

      const text = small
        .replace("      - { dataCollection: dc2, startImage: 11, endImage: 110 }\n", "")
        .replace("endImage: 50", "endImage: 60")
        .replace("    automatic: true\n", "    comments: edited\n")
        .replace("data: [a.expt, b.expt]", "data: c.expt")
        .replace("      run: {", "      second: { processingPrograms: fast_dp, parent: run }\n      run: {");
      const second = await sow(db, [{ text }]);
      expect(second.stories[0]).toMatchObject({ inserted: 1, updated: 3, removed: 2 });
      expect(await sweepsOf(db, job)).toEqual([{ ...one, last: 60 }]);
      expect(two).toBeDefined();
      expect(await db.query("SELECT automatic, comments FROM ProcessingJob WHERE processingJobId = ?", [job])).toEqual([
        { automatic: null, comments: "edited" },
      ]);
      expect(
        await db.query("SELECT parentAutoProcProgramId AS parent FROM AutoProcProgram WHERE autoProcProgramId = ?", [
          idOf(second, "second"),
        ]),
      ).toEqual([{ parent: idOf(first, "run") }]);

      // Labels are only names: a row that says the same under another one stays the row that it is.
      const renamed = await sow(db, [{ text: text.replaceAll("dc1", "first").replaceAll("ada", "lovelace") }]);
      expect(renamed.stories[0]).toMatchObject({ inserted: 0, updated: 0, removed: 0 });
      expect(idOf(renamed, "first")).toBe(idOf(first, "dc1"));

      await uproot(db, ["own"]);
      await expectUnchanged(db, before);
    });
  }

  test("a deleted row is inserted again, a row that was changed by hand stays as it is", async () => {
    await using db = await migrated(lane, "official");
    const first = await sow(db, [{ text: small }]);
    const job = idOf(first, "job1");
    await db.query("DELETE FROM ProcessingJobImageSweep WHERE processingJobId = ? AND startImage = 11", [job]);
    await db.query("UPDATE ProcessingJob SET comments = 'mine' WHERE processingJobId = ?", [job]);
    const second = await sow(db, [{ text: small }]);
    expect(second.stories[0]).toMatchObject({ inserted: 1, updated: 0, removed: 0 });
    expect(await sweepsOf(db, job)).toHaveLength(2);
    expect(await db.query("SELECT comments FROM ProcessingJob WHERE processingJobId = ?", [job])).toEqual([
      { comments: "mine" },
    ]);
  });

  test("another moment moves all times, and is kept", async () => {
    await using db = await migrated(lane, "official");
    const first = await sow(db, [{ text: small }]);
    const later = await sow(db, [{ text: small }], { at: "2026-03-02 12:00:00" });
    expect(later.stories[0]).toMatchObject({ inserted: 0, removed: 0 });
    const start = () =>
      db.query(
        "SELECT DATE_FORMAT(processingStartTime, '%d %H') AS t FROM AutoProcProgram WHERE autoProcProgramId = ?",
        [idOf(first, "run")],
      );
    expect(await start()).toEqual([{ t: "02 11" }]);
    expect((await sow(db, [{ text: small }], { at: undefined })).stories[0]).toMatchObject({
      updated: 0,
      at: "2026-03-02 12:00:00",
    });
    expect(await start()).toEqual([{ t: "02 11" }]);
  });

  test("a label for an existing data collection: its parents are neither inserted nor deleted", async () => {
    await using db = await migrated(lane, "official");
    const before = await checksums(db);
    const uses = new Map([
      ["dc1", 1],
      ["dc2", 4],
    ]);
    const done = await sow(db, [{ text: small }], { uses });
    expect(done.stories[0]?.rows.map(({ label }) => label).filter((label) => !label.includes(" "))).toEqual([
      "job1",
      "run",
    ]);
    expect((await sweepsOf(db, idOf(done, "job1"))).map(({ dc }) => dc)).toEqual([1, 4]);
    await uproot(db, ["own"]);
    await expectUnchanged(db, before);
  });

  for (const base of ["official", "diamond"] as const) {
    test(`${base}: foreign rows that refer to its rows are named, and nothing is deleted`, async () => {
      await using db = await migrated(lane, base);
      const done = await sow(db, [{ text: small }]);
      const [dc, run] = [idOf(done, "dc1"), idOf(done, "run")];
      await db.query("INSERT INTO ProcessingJob (processingJobId, dataCollectionId) VALUES (700, ?)", [dc]);
      // No foreign key says so in the official schema.
      await db.query("INSERT INTO AutoProc (autoProcId, autoProcProgramId) VALUES (800, ?)", [run]);
      const before = await checksums(db);
      const refusal = {
        code: "ROWS_IN_USE",
        exit: 4,
        details: {
          found: [
            `run (AutoProcProgram ${run}): 1 row of AutoProc (autoProcId 800) refers to it by autoProcProgramId`,
            `dc1 (DataCollection ${dc}): 1 row of ProcessingJob (processingJobId 700) refers to it by dataCollectionId`,
          ],
        },
      };
      await expect(uproot(db, ["own"])).rejects.toMatchObject(refusal);
      const withoutJob = small.slice(0, small.indexOf("jobs:")).replace(/ {2}dc1: .*\n/, "");
      await expect(sow(db, [{ text: withoutJob }])).rejects.toMatchObject(refusal);
      await expectUnchanged(db, before, /^ispyb_migrate_lease$/);
    });
  }

  test("several are removed in any order of their names; a foreign row still protects the row that it refers to", async () => {
    await using db = await migrated(lane, "official");
    const before = await checksums(db);
    const first = await sow(db, [{ text: small }]);
    const uses = new Map([
      ["dc1", idOf(first, "dc1")],
      ["dc2", idOf(first, "dc2")],
    ]);
    await sow(db, [{ text: small, name: "guest" }], { uses });
    await expect(uproot(db, ["own"])).rejects.toMatchObject({ code: "ROWS_IN_USE" });
    expect((await uproot(db, ["own", "guest"])).stories.map(({ story }) => story)).toEqual(["guest", "own"]);
    await expectUnchanged(db, before);
  });

  test("a session that is killed in the middle leaves nothing, and the next run does it all", async () => {
    await using db = await migrated(lane, "official");
    const before = await checksums(db);
    const blocker = await db.connection();
    await blocker.query("START TRANSACTION");
    await blocker.query("INSERT INTO ProcessingJob (processingJobId, dataCollectionId) VALUES (900, 1)");
    await blocker.query("SELECT MAX(processingJobId) FROM ProcessingJob FOR UPDATE");
    let main = 0;
    const seeding = sow(db, [{ text: small }], {
      async connect(role) {
        const session = await connect(targetOf(db), role);
        if (role === "main") main = session.connectionId;
        return session;
      },
    });
    const outcome = expect(seeding).rejects.toMatchObject({ code: "UNREACHABLE" });
    const waits =
      "SELECT ID FROM information_schema.PROCESSLIST WHERE ID = ? AND INFO LIKE 'INSERT INTO `ProcessingJob`%'";
    await until(async () => (await db.query(waits, [main])).length === 1, "the statement to wait");
    await db.query(`KILL ${main}`);
    await outcome;
    await blocker.query("ROLLBACK");
    await expectUnchanged(db, before);
    expect((await sow(db, [{ text: small }])).stories[0]).toMatchObject({ kept: 0, updated: 0 });
  });

  test("two at once: one writes, the other finds it done", async () => {
    await using db = await migrated(lane, "official");
    const both = await Promise.all([sow(db, [{ text: small }]), sow(db, [{ text: small }])]);
    expect(both.map(({ stories: [story] }) => story?.inserted).toSorted((a = 0, b = 0) => a - b)).toEqual([
      0,
      both[0].stories[0]?.rows.length,
    ]);
    expect(await db.query("SELECT COUNT(*) AS n FROM ProcessingJob")).toEqual([{ n: 1 }]);
  });
});
