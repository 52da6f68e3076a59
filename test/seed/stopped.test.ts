/** Stories that a signal stops: what is written is whole, and the same command writes the others. */
import { expect, test } from "vitest";
import { onEveryServer } from "../support/servers.ts";
import { connectWith, twoSignals } from "../support/sessions.ts";
import { checksums } from "../support/upgrade.ts";
import { migrated, never, small, sow } from "./seeding.ts";

const stories = ["multi-crystal", { text: small }] as const;

onEveryServer("stories, stopped", (lane) => {
  test("the first Ctrl-C lets the story that is being written come to its end", async () => {
    await using db = await migrated(lane, "official");
    const stop = new AbortController();
    const stopped = sow(db, stories, {
      signals: { stop: stop.signal, kill: never },
      connect: connectWith(db, () => async (sql, send) => {
        if (sql.startsWith("INSERT INTO `")) stop.abort();
        return send();
      }),
    });
    await expect(stopped).rejects.toMatchObject({
      code: "INTERRUPTED",
      details: { found: "stories written: 1 of 2", done: "the current transaction was finished" },
    });
    const { stories: outcomes } = await sow(db, stories);
    expect(outcomes).toMatchObject([{ inserted: 0 }, { kept: 0 }]);
    expect(outcomes.map(({ inserted }) => inserted > 0)).toEqual([false, true]);
  });

  test("the second Ctrl-C sends no further statement of the story, and keeps none", async () => {
    await using db = await migrated(lane, "official");
    await sow(db, [{ text: small }]);
    const before = await checksums(db);
    const { killNow, ...signals } = twoSignals();
    const sent: string[] = [];
    const killed = sow(db, ["multi-crystal"], {
      signals,
      connect: connectWith(db, () => async (sql, send) => {
        if (signals.kill.aborted) sent.push(sql);
        const answer = await send();
        if (sql.startsWith("INSERT INTO `Proposal`")) killNow();
        return answer;
      }),
    });
    await expect(killed).rejects.toMatchObject({
      code: "INTERRUPTED",
      details: { found: "stories written: 0 of 1", done: "no further statement was sent" },
    });
    expect(sent.filter((sql) => !/_lease|RELEASE_LOCK/.test(sql))).toEqual(["ROLLBACK"]);
    const after = await checksums(db);
    delete after["ispyb_migrate_lease"];
    expect(before).toMatchObject(after);
  });
});
