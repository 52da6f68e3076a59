/** A copy of the upgraded template is what an `up` on a fresh database makes, and no run is under way in it. */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { freshDatabase, onEveryServer, upgradedDatabase } from "./servers.ts";
import { catalogOf, checksums, journalOf, upgrade } from "./upgrade.ts";

onEveryServer("an upgraded database", (lane) => {
  test.each(["official", "diamond"] as const)("%s: schema, rows and journal are those of an up", async (base) => {
    await using fresh = await freshDatabase(lane, base);
    await upgrade(fresh);
    await using copy = await upgradedDatabase(lane, base);
    expect(compareCatalogs(await catalogOf(fresh), await catalogOf(copy))).toEqual([]);
    expect(await journalOf(copy)).toEqual(await journalOf(fresh));
    // The tool's tables and SchemaStatus hold times.
    const timed = /^(ispyb_migrate_.*|SchemaStatus)$/i;
    const rows = async (db: typeof copy) => Object.entries(await checksums(db)).filter(([table]) => !timed.test(table));
    expect(await rows(copy)).toEqual(await rows(fresh));
    expect(await copy.query("SELECT owner, fence FROM ispyb_migrate_lease")).toEqual([{ owner: null, fence: 1 }]);
    expect((await upgrade(copy)).recorded).toEqual([]);
  });
});
