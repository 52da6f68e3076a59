/** What the journal says, held against the files: an applied migration is neither edited nor taken away. */
import { expect, test } from "vitest";
import { runOn } from "../cli/run-cli.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { upgrade } from "./upgrade.ts";

onEveryServer("history", (lane) => {
  test("an applied migration with another checksum is edited, and up refuses", async () => {
    await using db = await freshDatabase(lane, "official");
    await upgrade(db);
    await db.query(
      "UPDATE ispyb_migrate_journal SET checksum = 'steps-1:0' WHERE migration = '2026_07_02_job_uuid' AND step = 0",
    );
    const status = await runOn(db, ["status", "--json"]);
    expect(status.exit).toBe(1);
    const { migrations } = JSON.parse(status.stdout) as { migrations: { name: string; state: string }[] };
    expect(migrations.at(-1)).toMatchObject({ name: "2026_07_02_job_uuid", state: "edited" });
    const up = await runOn(db, ["up", "--yes"]);
    expect(up.exit).toBe(4);
    expect(up.stderr).toContain("2026_07_02_job_uuid: edited since it was applied");
  });

  test("a recorded migration without a file is missing, and up refuses", async () => {
    await using db = await freshDatabase(lane, "official");
    await upgrade(db);
    await db.query(
      "UPDATE ispyb_migrate_journal SET migration = '2020_01_01_gone' WHERE migration = '2026_07_02_job_uuid'",
    );
    const status = await runOn(db, ["status"]);
    expect(status.exit).toBe(1);
    expect(status.stdout).toContain("2020_01_01_gone");
    const up = await runOn(db, ["up", "--yes"]);
    expect(up.exit).toBe(4);
    expect(up.stderr).toContain("2020_01_01_gone: recorded, but its file is gone");
  });
});
