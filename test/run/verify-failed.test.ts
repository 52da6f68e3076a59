/** The schema is not as the migrations describe it although every statement succeeded: another session changed it. */
import { expect, test } from "vitest";
import { meddlingConnect } from "../migrate/meddle.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { connectWith } from "../support/sessions.ts";
import { journalOf, upgrade } from "../support/upgrade.ts";

onEveryServer("the verification fails", (lane) => {
  test("the effect of one statement is gone before it is inspected: the step stays intended, the next up does it", async () => {
    await using db = await freshDatabase(lane, "official");
    let isUndone = false;
    const connect = connectWith(db, () => async (sql, send) => {
      const answer = await send();
      if (!isUndone && sql.startsWith("ALTER TABLE `AutoProcProgram` ADD COLUMN")) {
        isUndone = true;
        await db.query("ALTER TABLE AutoProcProgram DROP COLUMN jobUuid");
      }
      return answer;
    });
    await expect(upgrade(db, { connect })).rejects.toMatchObject({
      code: "VERIFY_FAILED",
      exit: 2,
      message: "the statement succeeded, but the schema does not show its effect",
      details: {
        found: ["its object or value is still missing in the schema"],
        done: expect.stringContaining('recorded as not finished ("intended")'),
      },
    });
    const jobUuid = async () => (await journalOf(db)).find(({ what }) => what === "add column AutoProcProgram.jobUuid");
    expect((await jobUuid())?.["state"]).toBe("intended");

    const { verification } = await upgrade(db);
    expect(verification.differences).toEqual([]);
    expect((await jobUuid())?.["state"]).toBe("done");
  });

  test("an index is dropped before the end of the run: the difference is named, --repair creates it again", async () => {
    await using db = await freshDatabase(lane, "official");
    const drop = "ALTER TABLE ProcessingJobParameter DROP KEY ProcessingJobParameter_idx_paramKey_procJobId";
    await expect(upgrade(db, { connect: meddlingConnect(db, /^CREATE PROCEDURE/, drop) })).rejects.toMatchObject({
      code: "VERIFY_FAILED",
      exit: 2,
      details: {
        where: db.database,
        found: [
          "key ProcessingJobParameter.ProcessingJobParameter_idx_paramKey_procJobId (parameterKey, processingJobId) is missing",
        ],
        done: "every step is done and recorded",
        next: { command: "verify" },
      },
    });
    const { verification } = await upgrade(db, { repair: true });
    expect(verification.differences).toEqual([]);
  });
});
