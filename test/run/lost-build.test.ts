/** A transaction that is opened while the server builds a key: its end is waited for, and the work that was lost is said. */
import { expect, test } from "vitest";
import { readServer } from "../../src/catalog/server.ts";
import { connect } from "../../src/db/connect.ts";
import { hint } from "../../src/hint.ts";
import type { Progress } from "../../src/run/run.ts";
import { LockWait } from "../../src/run/wait-for-lock.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { targetOf, upgrade } from "../support/upgrade.ts";
import { until } from "../support/within.ts";

onEveryServer("a build", (lane) => {
  test("is lost to a transaction that was opened meanwhile, and made again", { timeout: 120_000 }, async () => {
    await using db = await freshDatabase(lane, "official");
    for (let doubled = 0; doubled < 17; doubled++) {
      await db.query(
        "INSERT INTO AutoProcProgram (dataCollectionId, processingCommandLine) SELECT dataCollectionId, processingCommandLine FROM AutoProcProgram",
      );
    }
    const user = await db.connection();
    const reasons: string[] = [];
    let isOpen: Promise<unknown> | undefined;
    const openInBuild = async () => {
      const building =
        "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'ALTER TABLE `AutoProcProgram` ADD KEY%' AND STATE LIKE 'altering%'";
      await until(async () => (await db.query(building)).length > 0, "the server to build the key", 5);
      await user.query("START TRANSACTION");
      await user.query("SELECT autoProcProgramId FROM AutoProcProgram LIMIT 1");
    };
    const { verification } = await upgrade(db, {
      progress(event: Progress) {
        if (event.kind === "running" && /add key AutoProcProgram/.test(event.title)) isOpen ??= openInBuild();
        if (event.kind !== "waiting") return;
        reasons.push(event.reason);
        void user.query("COMMIT");
      },
    });
    await isOpen;
    expect(verification.differences).toEqual([]);
    expect(reasons[0]).toMatch(
      /^the server's work of \d+\.\d s was lost, because AutoProcProgram.* is in use; candidates: /,
    );
    expect(reasons[0]).toContain(`connection ${user.threadId} (root@`);
  });

  test("is not begun a third time", async () => {
    await using db = await freshDatabase(lane, "empty");
    await using main = await connect(targetOf(db));
    await using watchdog = await connect(targetOf(db));
    const never = new AbortController().signal;
    const wait = new LockWait(
      {
        main,
        watchdog,
        server: await readServer(main),
        signals: { stop: never, kill: never },
        progress: () => {},
        lockTimeout: 600,
        retry: hint("up"),
      },
      "AutoProcProgram",
    );
    await wait.pause({ isEnded: true, work: 5_000, kind: "table" }, 1);
    await expect(wait.pause({ isEnded: true, work: 7_250, kind: "table" }, 1)).rejects.toMatchObject({
      code: "LOCK_TIMEOUT",
      details: { done: expect.stringContaining("(the server's work of 5.0 s and 7.3 s was lost)") },
    });
  });
});
