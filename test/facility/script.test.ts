/** `plan --sql` with a facility's migrations: the script leaves what `up` leaves. */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { loadAllMigrations } from "../../src/facility/load.ts";
import { runOn } from "../cli/run-cli.ts";
import { everythingIsWanted } from "../support/lanes.ts";
import { onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { stockClient } from "../support/stock-client.ts";
import { catalogOf, journalOf, upgrade } from "../support/upgrade.ts";
import { facilityFolder, newColumn } from "./folder.ts";

const found = await stockClient((line) => process.stderr.write(`tests: ${line}\n`));
if ("reason" in found && everythingIsWanted()) throw new Error(found.reason);

const files = {
  "2026_01_01_queue.sql":
    "CREATE TABLE dlsQueue (dlsQueueId int NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(9)) ENGINE=InnoDB;\nINSERT INTO dlsQueue (name) VALUES ('it''s');\n",
  "2026_01_02_weight.ts": newColumn("dlsQueue", "dlsWeight"),
  "2026_01_03_more.sql": "INSERT INTO dlsQueue (name) VALUES ('b');\n",
};

onEveryServer("plan --sql of a facility's migrations", (lane) => {
  test.skipIf("reason" in found)("does what up does, once", async () => {
    if ("reason" in found) throw new Error(found.reason);
    await using db = await upgradedDatabase(lane, "official");
    await using twin = await upgradedDatabase(lane, "official");
    await using folder = await facilityFolder(files);
    const given = ["--migrations", `dls=${folder.path}`];
    const plan = await runOn(db, ["plan", "--sql", "-", ...given]);
    expect(plan.exit, plan.stderr).toBe(0);
    await upgrade(twin, { migrations: await loadAllMigrations([`dls=${folder.path}`]) });
    for (const words of ["recorded: ", "nothing was changed"]) {
      const { code, output } = await found.run(db, plan.stdout, ["--comments"]);
      expect([code, output]).toEqual([0, expect.stringContaining(words)]);
      expect(compareCatalogs(await catalogOf(twin), await catalogOf(db))).toEqual([]);
      expect(await db.query("SELECT * FROM dlsQueue")).toEqual(await twin.query("SELECT * FROM dlsQueue"));
    }
    const dls = (rows: Awaited<ReturnType<typeof journalOf>>) =>
      rows.filter(({ migration }) => String(migration).startsWith("dls/"));
    expect(dls(await journalOf(db))).toEqual(dls(await journalOf(twin)));
    const status = await runOn(db, ["status", ...given]);
    expect(status.exit, status.stdout).toBe(0);
  });

  test("is refused for a statement that cannot be left out the second time", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await using folder = await facilityFolder({
      "2026_01_01_x.sql": "CREATE TRIGGER dls_x BEFORE INSERT ON Proposal FOR EACH ROW SET @a = 1;",
    });
    const { exit, stderr } = await runOn(db, ["plan", "--sql", "-", "--migrations", `dls=${folder.path}`]);
    expect([exit, stderr]).toEqual([64, expect.stringContaining("a script cannot hold dls/2026_01_01_x step 1")]);
  });
});
