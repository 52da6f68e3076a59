/** Proxies: one that keeps a session on its server is right; every other one is refused before the first change. */
import { expect, test } from "vitest";
import { runOn } from "../cli/run-cli.ts";
import { databaseStartedWith } from "../support/own-server.ts";
import { letReplicasIn, primaryArguments, replicaArguments, replicaStatements } from "../support/replica.ts";
import { type Lane, type TestDatabase, freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import {
  type Route,
  eachClientToTheNext,
  proxyTo,
  reconnectsBefore,
  roundRobin,
  splitsReads,
  stable,
} from "../support/sql-proxy.ts";
import { journalOf, upgrade } from "../support/upgrade.ts";
import { until } from "../support/within.ts";

const moved = "error SESSION_MOVED: a proxy leads the statements of this run to more than one server or session\n";

const unsteady: readonly (readonly [string, Route])[] = [
  ["splits reads", splitsReads],
  ["sends each statement to the next server", roundRobin],
  ["sends each client to the next server", eachClientToTheNext],
];

/** A primary server and its replica. */
async function pair(lane: Lane) {
  const primary = await databaseStartedWith(lane, "official", primaryArguments);
  const replica = await databaseStartedWith(lane, "official", replicaArguments);
  const { from, start } = replicaStatements(lane);
  await replica.query(from(primary.port, await letReplicasIn(primary)));
  await replica.query(start());
  await primary.query("CREATE TABLE Sent (id int PRIMARY KEY)");
  await until(async () => (await replica.query("SHOW TABLES LIKE 'Sent'")).length > 0, "the change of the primary");
  return {
    servers: [primary, replica] as const,
    async [Symbol.asyncDispose]() {
      await replica[Symbol.asyncDispose]();
      await primary[Symbol.asyncDispose]();
    },
  };
}

async function toolTables(db: TestDatabase): Promise<unknown[]> {
  return db.query("SHOW TABLES LIKE 'ispyb\\_migrate\\_%'");
}

onEveryServer("a proxy", (lane) => {
  test("that is stable: up, seed and down work, and the journal names the server itself", async () => {
    await using db = await freshDatabase(lane, "official");
    await using proxied = await proxyTo([db], stable);
    for (const args of [["up", "--yes"], ["verify"], ["seed", "multi-sweep", "--yes"]]) {
      const { exit, stderr } = await runOn(proxied, args);
      expect([args[0], exit], stderr).toEqual([args[0], 0]);
    }
    const [row] = await db.query<{ node: string }>("SELECT DISTINCT node FROM ispyb_migrate_journal");
    expect(row?.node).toContain(`:${db.port} `);
  });

  test.each(unsteady)("that %s, a primary and its replica: nothing is changed on either", async (_, route) => {
    await using both = await pair(lane);
    await using proxied = await proxyTo(both.servers, route);
    const { exit, stdout, stderr } = await runOn(proxied, ["up", "--yes"]);
    expect([exit, stdout], stderr).toEqual([4, ""]);
    expect(stderr).toContain(moved);
    for (const db of both.servers) {
      expect(stderr).toContain(`:${db.port} (server id `);
      expect(await toolTables(db)).toEqual([]);
    }
  });

  test.each(unsteady)("that %s: seed and down change nothing", async (name, route) => {
    await using one = await upgradedDatabase(lane, "official");
    await using other = await upgradedDatabase(lane, "official");
    const before = await journalOf(one);
    await using proxied = await proxyTo([one, other], route);
    const commands = [
      ["seed", "multi-sweep", "--yes"],
      ["down", "--last", "1", "--yes"],
    ];
    for (const args of commands) {
      const { exit, stderr } = await runOn(proxied, args);
      expect([args[0], exit], stderr).toEqual([args[0], 4]);
      expect(stderr, name).toContain(moved);
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
