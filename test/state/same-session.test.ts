/** Proxies behind which a session moves: what `up` does before its first change is in test/preflight/right-server.test.ts. */
import { expect, test } from "vitest";
import { runOn } from "../cli/run-cli.ts";
import { proxies, toolTables } from "../support/proxy-situations.ts";
import { freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { proxyTo, reconnectsBefore } from "../support/sql-proxy.ts";
import { journalOf, upgrade } from "../support/upgrade.ts";
import { until } from "../support/within.ts";

const moved = "error SESSION_MOVED: a proxy sends the statements of this run to more than one server or session\n";

onEveryServer("a proxy", (lane) => {
  test("that leads to two servers: seed and down change nothing on either", async () => {
    await using one = await upgradedDatabase(lane, "official");
    await using other = await upgradedDatabase(lane, "official");
    const before = await journalOf(one);
    const commands = [
      ["seed", "multi-sweep", "--yes"],
      ["down", "--last", "1", "--yes"],
    ];
    for (const { route, what } of proxies.filter(({ servers }) => servers === 2)) {
      await using proxied = await proxyTo([one, other], route());
      for (const args of commands) {
        const { exit, stderr } = await runOn(proxied, args);
        expect([what, args[0], exit], stderr).toEqual([what, args[0], 4]);
        expect(stderr, what).toContain(moved);
      }
    }
    for (const db of [one, other]) {
      expect(await journalOf(db)).toEqual(before);
      expect(await db.query("SELECT COUNT(*) AS n FROM ProcessingJob")).toEqual([{ n: 0 }]);
    }
  });

  test("that opens another session in silence: the next statement is not sent, and the next up finishes", async () => {
    for (const place of [
      /^INSERT INTO ispyb_migrate_journal .*/,
      /^SELECT @@SESSION/,
      /^SELECT TABLE_NAME/,
      /^SELECT .*ispyb_migrate_session/,
    ]) {
      await using db = await freshDatabase(lane, "official");
      const sent: string[] = [];
      const reconnecting = reconnectsBefore(place);
      await using proxied = await proxyTo([db], (sql, client) => {
        sent.push(sql);
        return reconnecting(sql, client);
      });
      const { exit, stderr } = await runOn(proxied, ["up", "--yes"]);
      expect([2, 4], stderr).toContain(exit);
      expect(stderr).toContain(moved);
      const done = (await toolTables(db)).length === 0 ? [] : await journalOf(db);
      expect(exit, `${place}: ${stderr}`).toBe(done.length === 0 ? 4 : 2);
      expect(done.filter(({ state }) => state === "intended")).toEqual([]);
      const again = await runOn(db, ["up", "--yes"]);
      expect(again.exit, again.stderr).toBe(0);
    }
  });

  test("that opens another session in silence: a live lease is not taken over", async () => {
    await using db = await freshDatabase(lane, "official");
    let drop = () => {};
    await using proxied = await proxyTo([db], (_, client) => {
      if (client.number === 0) drop = () => client.drop(0);
      return 0;
    });
    const outcomes: unknown[] = [];
    const first = upgrade(proxied, {
      progress(event) {
        if (event.kind !== "running" || outcomes.length > 0) return;
        drop();
        outcomes.push("dropped");
      },
    });
    const second = async () => {
      await until(() => outcomes.length > 0, "the first run to lose its session");
      return upgrade(db);
    };
    const [lost, took] = await Promise.allSettled([first, second()]);
    expect(lost).toMatchObject({ status: "rejected", reason: { code: "SESSION_MOVED" } });
    expect(took).toMatchObject({ status: "fulfilled" });
    expect((await journalOf(db)).filter(({ state }) => state !== "done" && state !== "found")).toEqual([]);
  });
});
