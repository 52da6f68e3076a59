/** Tables from before MariaDB 10.1 keep their times in a format of that age until they are rebuilt. */
import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { loadBase } from "../../src/base/load-base.ts";
import { runOn } from "../cli/run-cli.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { targetOf } from "../support/upgrade.ts";

const jobsByHand =
  "CREATE TABLE ProcessingJob (processingJobId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, dataCollectionId int unsigned, " +
  "displayName varchar(80), comments varchar(255), recordTimestamp timestamp NOT NULL DEFAULT current_timestamp(), " +
  "recipe varchar(50), automatic tinyint(1), " +
  "CONSTRAINT ProcessingJob_ibfk1 FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId)) ENGINE=InnoDB DEFAULT CHARSET=latin1";

onEveryServer("times in the format of MariaDB 5.5", (lane) => {
  test("what `up` advises is enough", async (context) => {
    if (lane.vendor !== "mariadb") context.skip("MySQL 8 reads no such tables");
    await using db = await freshDatabase(lane, "empty");
    await db.query("SET GLOBAL mysql56_temporal_format = OFF");
    await using then = await connect(targetOf(db));
    await loadBase(then, "official");
    await then.run(jobsByHand);
    await db.query("SET GLOBAL mysql56_temporal_format = ON");
    const [shown] = await db.query<{ "Create Table": string }>("SHOW CREATE TABLE AutoProcProgram");
    expect(shown?.["Create Table"]).toContain("datetime /* mariadb-5.3 */");
    const times = "SELECT processingStartTime, processingEndTime, recordTimeStamp FROM AutoProcProgram";
    const rows = await db.query(times);

    // The server takes no change of such a table but a copy (1846), and says so of one after the other.
    let up = await runOn(db, ["up", "--yes"]);
    for (let turn = 0; up.exit !== 0 && turn < 3; turn++) {
      const advised = /(?:OPTIMIZE|ALTER) TABLE .*;/.exec(up.stderr)?.[0];
      expect(advised, up.stderr).toBeDefined();
      await db.query(advised ?? "");
      up = await runOn(db, ["up", "--yes"]);
    }
    expect(up.exit, up.stderr).toBe(0);
    expect((await runOn(db, ["verify"])).exit).toBe(0);
    expect(await db.query(times)).toEqual(rows);
  });
});
