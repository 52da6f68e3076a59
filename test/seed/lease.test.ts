/** When seeding keeps other runs out: wherever it writes, and nowhere else. */
import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { hint } from "../../src/hint.ts";
import { advisoryLockName } from "../../src/state/lease-sql.ts";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { checksums, targetOf } from "../support/upgrade.ts";
import { migrated, never, small, sow } from "./seeding.ts";

/** As another run that holds the lease. */
async function hold(db: TestDatabase): Promise<void> {
  const holder = await db.connection();
  await holder.query("SELECT GET_LOCK(?, 0)", [advisoryLockName(db.database)]);
}

onEveryServer("the lease of a seeding run", (lane) => {
  test("is not taken where nothing changes, and the result is the same", async () => {
    await using db = await migrated(lane, "official");
    const first = await sow(db, ["multi-crystal", { text: small }]);
    const before = await checksums(db);
    await hold(db);
    const roles: string[] = [];
    const again = await sow(db, ["multi-crystal", { text: small }], {
      async connect(role) {
        roles.push(role);
        return connect(targetOf(db), role);
      },
      confirm: async () => expect.fail("asked"),
      progress: () => expect.fail("waited"),
    });
    expect(again.stories).toEqual(first.stories.map((story) => ({ ...story, inserted: 0, kept: story.inserted })));
    expect(roles).toEqual(["main"]);
    expect(await checksums(db)).toEqual(before);
  });

  const dated = "title: Dated\npersons: { ada: { familyName: Lovelace, recordTimeStamp: 2026-01-01 } }\n";
  const lastSweep = "      - { dataCollection: dc2, startImage: 11, endImage: 110 }\n";
  test.each([
    ["a label", small, small.replaceAll("dc2", "second")],
    ["a moment that no row has", dated, dated, "2026-03-02 00:00:00"],
    ["a row that is gone, and that the story no longer names", small, small.replace(lastSweep, "")],
  ])("is taken where only what is remembered changes: %s", async (_, first, text, at = "2026-03-01 12:00:00") => {
    await using db = await migrated(lane, "official");
    await sow(db, [{ text: first }]);
    // Only the last of them no longer names it.
    if (text === small.replace(lastSweep, ""))
      await db.query("DELETE FROM ProcessingJobImageSweep WHERE startImage = 11");
    const remembered = () => db.query("SELECT story, label, times_from FROM ispyb_migrate_seed ORDER BY 1, 2");
    const before = await remembered();
    const done = await sow(db, [{ text }], { at, confirm: async () => expect.fail("asked") });
    expect(done.stories).toMatchObject([{ inserted: 0, updated: 0, removed: 0 }]);
    expect(await remembered()).not.toEqual(before);
  });

  test("while another run holds it: stopped, with the command as it was said", async () => {
    await using db = await migrated(lane, "official");
    await hold(db);
    const stop = new AbortController();
    const uses = new Map([["dc1", 1]]);
    const seeding = sow(db, ["multi-sweep", { text: small }], {
      uses,
      signals: { stop: stop.signal, kill: never },
      confirm: async () => stop.abort(),
    });
    await expect(seeding).rejects.toMatchObject({
      code: "INTERRUPTED",
      details: {
        next: hint("seed", {
          args: ["multi-sweep"],
          options: { file: ["own.yaml"], use: ["dc1=1"], at: "2026-03-01 12:00:00" },
        }),
      },
    });
  });
});
