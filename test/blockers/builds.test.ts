/**
 * A transaction is opened in each build of `up`, and stays for a while: no build is lost without a word, all are made in the
 * end, and the last wait of a build keeps others waiting for a tenth of its work, or a second, at most. The proof measures it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { isProof, limit, seed } from "../support/proof.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { upgrade } from "../support/upgrade.ts";
import { CONTROL, type User, steadyUsers } from "./steady-users.ts";

/** How often AutoProcProgram is doubled: six rows at first. */
const DOUBLED = 17;

/** Milliseconds of one try, and what a loaded machine adds. */
const TRY = 1_000;
const SLACK = 500;

const building =
  "SELECT INFO AS statement FROM information_schema.PROCESSLIST WHERE INFO LIKE 'ALTER TABLE `AutoProcProgram` %' " +
  "AND (STATE LIKE 'altering%' OR STATE LIKE 'copy to tmp%')";

onEveryServer("builds", (lane) => {
  // In the suite test/run/lost-build.test.ts plays one such build, and measures nothing.
  test.runIf(isProof())("a transaction is opened in each of them", limit(240), async () => {
    await using db = await freshDatabase(lane, "official");
    for (let doubled = 0; doubled < DOUBLED; doubled++)
      await db.query(
        "INSERT INTO AutoProcProgram (dataCollectionId, processingCommandLine) SELECT dataCollectionId, processingCommandLine FROM AutoProcProgram",
      );
    await using users = await steadyUsers(db, ["AutoProcProgram", "AutoProcProgramAttachment", "DataCollection"]);
    const session = await db.connection();
    await session.query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    const met = new Map<string, number>();
    const isOver = new AbortController();
    const meeting = (async () => {
      while (!isOver.signal.aborted) {
        for (const { statement } of await db.query<{ statement: string }>(building)) {
          if (met.has(statement)) continue;
          // From half a second to three, by the seed.
          const stays = 500 + ((seed() * 7_919 * (met.size + 1)) % 2_500);
          met.set(statement, stays);
          await session.query("START TRANSACTION");
          await session.query("SELECT autoProcProgramId FROM AutoProcProgram LIMIT 1");
          await sleep(stays);
          await session.query("COMMIT");
        }
        await sleep(20);
      }
    })();
    const lines: string[] = [];
    const works: number[] = [];
    let from = performance.now();
    const longestOf = (ofControl: boolean) => {
      const time = { from, to: performance.now() };
      const chosen = users.all.filter(({ table }: User) => (table === CONTROL) === ofControl);
      return Math.max(...chosen.map((user) => users.longest(user, time)));
    };
    const { verification } = await upgrade(db, {
      allowStall: true,
      progress(event) {
        if (event.kind === "running") from = performance.now();
        if (event.kind === "waiting") {
          const [, lost] = /^the server's work of ([\d.]+) s was lost/.exec(event.reason) ?? [];
          if (lost !== undefined) works.push(Number(lost));
          lines.push(`    waits: ${event.reason.slice(0, 110)}`);
        }
        if (event.kind === "done" && / AutoProcProgram[. ]/.test(event.title))
          lines.push(
            `${event.title.slice(0, 60).padEnd(60)} ${event.seconds.toFixed(1)} s, others waited ${(longestOf(false) / 1000).toFixed(2)} s, control ${(longestOf(true) / 1000).toFixed(2)} s`,
          );
      },
    });
    isOver.abort();
    await meeting;
    expect(verification.differences).toEqual([]);
    expect(users.errors).toEqual([]);
    process.stdout.write(`\n${lane.name}\n${lines.join("\n")}\n\n`);
    expect(met.size).toBeGreaterThan(0);
    from = 0;
    const most = Math.max(TRY, ...works.map((work) => Math.min(10_000, 100 * work)));
    expect(longestOf(false)).toBeLessThanOrEqual(most + longestOf(true) + SLACK);
  });
});
