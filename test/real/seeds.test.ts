/** The stories on the real schemas: all of their columns are there, or are named as left out. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ownStoryNames } from "../../src/seed/story/own-stories.ts";
import { grow, idOf, small, sow, uproot } from "../seed/seeding.ts";
import { type Lane, type TestDatabase, freshDatabase, lanes } from "../support/servers.ts";
import { checksums, upgrade } from "../support/upgrade.ts";
import { load } from "./load.ts";

const schemas = [
  {
    name: "official",
    folder: process.env["ISPYB_OFFICIAL_DIR"],
    path: "schema",
    scripts: ["1_tables.sql", "2_lookups.sql", "3_data.sql"],
    leftOut: 5,
  },
  {
    name: "Diamond's",
    folder: process.env["ISPYB_DIAMOND_DIR"],
    path: "schemas/ispyb",
    scripts: ["tables.sql", "lookups.sql", "data.sql"],
    leftOut: 0,
  },
] as const;

for (const { name, folder, path, scripts, leftOut } of schemas) {
  // Diamond's schema is MariaDB's alone, and what differs between servers is tested on the small bases.
  const lane = lanes.find((each) => each.name.startsWith("mariadb"));
  describe.skipIf(folder === undefined || lane === undefined)(`the stories on ${name} real schema`, () => {
    test("seeded twice, on data collections of its own, removed", async () => {
      await using db = await freshDatabase(lane as Lane, "empty");
      await load(db, join(folder ?? "", path), scripts);
      await upgrade(db);
      const before = await rowsIn(db);
      const names = ownStoryNames();
      const [{ own } = { own: 0 }] = await db.query<{ own: number }>(
        "SELECT dataCollectionId AS own FROM DataCollection WHERE numberOfImages >= 10 AND IFNULL(startImageNumber, 1) = 1 LIMIT 1",
      );

      const first = await sow(db, names);
      expect(new Set(first.stories.flatMap((story) => story.leftOut)).size).toBe(leftOut);
      const second = await sow(db, names);
      expect(second.stories.map(({ kept }) => kept)).toEqual(first.stories.map(({ inserted }) => inserted));

      const onOwn = await sow(db, [{ text: small.replace("endImage: 50", "endImage: 10") }], {
        uses: new Map([["dc1", own]]),
      });
      expect(
        await db.query(
          "SELECT j.dataCollectionId AS job, s.dataCollectionId AS sweep FROM ProcessingJob AS j " +
            "JOIN ProcessingJobImageSweep AS s USING (processingJobId) WHERE processingJobId = ? AND startImage = 1",
          [idOf(onOwn, "job1")],
        ),
      ).toEqual([{ job: own, sweep: own }]);

      const generated = await grow(db, { jobs: 3_000 });
      expect(generated).toMatchObject({ jobs: 3_000, already: 0 });
      await uproot(db, [...names, "own", generated.name]);
      expect(await rowsIn(db)).toEqual(before);
    });
  });
}

/** Of every table but the tool's own. */
async function rowsIn(db: TestDatabase): Promise<Record<string, unknown>> {
  const sums = Object.entries(await checksums(db)).filter(([table]) => !table.includes("ispyb_migrate_"));
  return Object.fromEntries(sums);
}
