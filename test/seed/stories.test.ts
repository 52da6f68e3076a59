/** The stories of seeds/ on every server and both flavours. */
import { expect, test } from "vitest";
import { ownStoryNames } from "../../src/seed/story/own-stories.ts";
import { onEveryServer } from "../support/servers.ts";
import { checksums } from "../support/upgrade.ts";
import { idOf, migrated, sow, uproot } from "./seeding.ts";

const names = ownStoryNames();

onEveryServer("the stories", (lane) => {
  for (const base of ["official", "diamond"] as const) {
    test(`${base}: seeded, seeded again, removed`, async () => {
      await using db = await migrated(lane, base);
      const bare = await checksums(db);
      const first = await sow(db, names);
      for (const story of first.stories) expect(story).toMatchObject({ updated: 0, removed: 0, kept: 0 });
      const seeded = await checksums(db);

      // The second time, nobody says a moment: it is the one of the first time.
      const second = await sow(db, names, { at: undefined });
      expect(second.stories.map(({ kept }) => kept)).toEqual(first.stories.map(({ inserted }) => inserted));
      expect(without(await checksums(db), "ispyb_migrate_lease")).toEqual(without(seeded, "ispyb_migrate_lease"));

      const removed = await uproot(db, names);
      expect(removed.stories.map((story) => story.removed)).toEqual(first.stories.map(({ inserted }) => inserted));
      const after = without(await checksums(db), "ispyb_migrate_lease", "ispyb_migrate_seed");
      expect(after).toEqual(without(bare, "ispyb_migrate_lease"));
    });

    test(`${base}: rows are what the stories say`, async () => {
      await using db = await migrated(lane, base);
      const done = await sow(db, names);
      const one = (story: string, label: string) =>
        idOf({ ...done, stories: done.stories.filter((each) => each.story === story) }, label);

      const multi = one("multi-sweep", "job1");
      expect(
        await db.query(
          "SELECT dataCollectionId, displayName, recipe, automatic, DATE_FORMAT(recordTimestamp, '%H:%i') AS t FROM ProcessingJob WHERE processingJobId = ?",
          [multi],
        ),
      ).toEqual([
        {
          dataCollectionId: one("multi-sweep", "dc1"),
          displayName: "Xia2 DIALS",
          recipe: "xia2-dials",
          automatic: 0,
          t: "11:00",
        },
      ]);
      const sweeps = await db.query(
        "SELECT s.dataCollectionId, startImage, endImage, g.blSampleId FROM ProcessingJobImageSweep AS s JOIN DataCollection USING (dataCollectionId) " +
          "JOIN DataCollectionGroup AS g USING (dataCollectionGroupId) WHERE processingJobId = ? ORDER BY 1",
        [multi],
      );
      expect(sweeps.map((row) => Object.values(row))).toEqual([
        [one("multi-sweep", "dc1"), 1, 1100, one("multi-sweep", "sample1")],
        [one("multi-sweep", "dc2"), 1, 1100, one("multi-sweep", "sample2")],
      ]);

      const keys = await db.query<{ k: string; v: string }>(
        "SELECT parameterKey AS k, parameterValue AS v FROM ProcessingJobParameter WHERE processingJobId = ? ORDER BY processingJobParameterId",
        [one("multi-crystal", "multiplex")],
      );
      expect(keys.map(({ k }) => k)).toEqual([
        "sample_group_id",
        ...Array<string>(4).fill("data"),
        "spacegroup",
        "absorption_level",
        "clustering.method",
        "clustering.output_clusters",
      ]);
      expect(keys[0]?.v).toBe(String(one("multi-crystal", "wedges")));
      expect(keys.at(-1)?.v).toBe("true");
      const order = base === "official" ? "`order`" : "groupOrder";
      expect(
        await db.query(
          `SELECT ${order} AS n FROM BLSampleGroup_has_BLSample WHERE blSampleGroupId = ? ORDER BY blSampleId`,
          [one("multi-crystal", "wedges")],
        ),
      ).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);

      const statuses = await db.query<{ status: string | number | null; start: number }>(
        "SELECT processingStatus AS status, processingStartTime IS NOT NULL AS start FROM AutoProcProgram WHERE autoProcProgramId IN (?, ?, ?, ?) ORDER BY 1 IS NULL, 1, 2",
        ["autoproc-queued", "xia2-running", "dials-failed", "fast-dp"].map((label) => one("programs", label)),
      );
      const [queued, running, failed, success] =
        base === "official" ? [null, "RUNNING", "FAILED", "SUCCESS"] : [null, null, 0, 1];
      expect(new Set(statuses.map(({ status, start }) => `${status} ${start}`))).toEqual(
        new Set([`${queued} 0`, `${running} 1`, `${failed} 1`, `${success} 1`]),
      );
      expect(
        await db.query(
          "SELECT severity, description FROM AutoProcProgramMessage WHERE autoProcProgramId = ? ORDER BY autoProcProgramMessageId DESC",
          [one("programs", "dials-failed")],
        ),
      ).toEqual([
        { severity: "ERROR", description: expect.stringContaining("212 of 30 977 spots.\nIs the beam") },
        { severity: "WARNING", description: "The header of the images may be wrong." },
      ]);
      expect(
        await db.query(
          "SELECT GROUP_CONCAT(fileType ORDER BY autoProcProgramAttachmentId) AS types FROM AutoProcProgramAttachment WHERE autoProcProgramId = ?",
          [one("programs", "fast-dp")],
        ),
      ).toEqual([{ types: "Log,Result,Graph,Input" }]);

      // The three ways to say who went on from whom.
      const links = await db.query(
        "SELECT parameterKey AS k, parameterValue AS v FROM ProcessingJobParameter WHERE processingJobId = ? AND parameterKey LIKE '%_id' ORDER BY 1",
        [one("downstream", "building")],
      );
      expect(links).toEqual([
        { k: "program_id", v: String(one("downstream", "fast-ep")) },
        { k: "scaling_id", v: String(one("downstream", "scaled")) },
      ]);
      expect(
        await db.query(
          "SELECT p.parentAutoProcProgramId AS parent, l.name FROM AutoProcProgram AS p JOIN ProcessingPipeline AS l USING (processingPipelineId) WHERE autoProcProgramId = ?",
          [one("downstream", "big-ep")],
        ),
      ).toEqual([{ parent: one("downstream", "fast-ep"), name: "Big EP/DIALS" }]);

      expect(done.stories.find(({ story }) => story === "non-mx")?.leftOut.length).toBe(base === "official" ? 6 : 0);
      expect(
        await db.query("SELECT COUNT(*) AS n FROM ProcessingJobImageSweep WHERE processingJobId IN (?, ?)", [
          one("non-mx", "relion"),
          one("non-mx", "tomogram"),
        ]),
      ).toEqual([{ n: 0 }]);
    });
  }
});

function without(sums: Record<string, unknown>, ...tables: readonly string[]): Record<string, unknown> {
  const left = Object.entries(sums).filter(([name]) => !tables.includes(name));
  return Object.fromEntries(left);
}
