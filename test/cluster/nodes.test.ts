/** Three nodes of a Galera cluster: a change reaches all of them, or is refused. */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { runOn } from "../cli/run-cli.ts";
import { onCluster } from "../support/on-cluster.ts";
import { playProxy, proxies, toolTables } from "../support/proxy-situations.ts";
import { TOLD } from "../support/cluster.ts";
import { freshDatabase } from "../support/servers.ts";
import { catalogOf } from "../support/upgrade.ts";
import { until } from "../support/within.ts";

await onCluster("a cluster", (nodes) => {
  test("a node that gives its data to others, or is behind, is refused and says so", async () => {
    const [, node] = nodes();
    await node.query("SET GLOBAL wsrep_desync = ON");
    const status = await runOn(node, ["status"]);
    expect(status.stdout).toContain("this node of the cluster is not synced, but Donor/Desynced");
    const { exit, stderr } = await runOn(node, ["up", "--yes"]);
    expect(exit, stderr).toBe(4);
    expect(stderr).toContain("error NODE_NOT_SYNCED: this node of the cluster is not synced, but Donor/Desynced\n");
    expect(await toolTables(node)).toEqual([]);
    await node.query("SET GLOBAL wsrep_desync = OFF");
  });

  test("a node that cannot apply the changes of the others says so, and does not answer with old ones", async () => {
    const [first, , behind] = nodes();
    await behind.query("FLUSH TABLES WITH READ LOCK");
    try {
      await first.query("CREATE TABLE Later (id int PRIMARY KEY)");
      const { exit, stderr } = await runOn(behind, ["status"]);
      expect(exit, stderr).toBe(2);
      expect(stderr).toContain("error UNREACHABLE: this node of the cluster is behind the others");
      expect(stderr).toContain("wsrep_local_recv_queue");
    } finally {
      await behind.query("UNLOCK TABLES");
    }
    await first.query("DROP TABLE Later");
  });

  // 1 to 15 of these twenty situations: test/preflight/right-server.test.ts.
  for (const [at, situation] of proxies.entries()) {
    test(`${16 + at}. a proxy that ${situation.what}: ${situation.outcome}`, () => {
      const [first, second] = nodes();
      return playProxy([first, second], situation);
    });
  }

  test("a leftover RSU of the server: up changes all three nodes, which stay equal", async () => {
    const [first, ...others] = nodes();
    await first.query("SET GLOBAL wsrep_OSU_method = 'RSU'");
    const done = await runOn(first, ["up", "--yes"]);
    expect(done.exit, done.stderr).toBe(0);
    const catalog = await catalogOf(first);
    for (const node of others) {
      const verified = await runOn(node, ["verify"]);
      expect(verified.exit, verified.stdout).toBe(0);
      expect(compareCatalogs(catalog, await catalogOf(node))).toEqual([]);
    }
    const sizes = await Promise.all(nodes().map((node) => node.query("SHOW STATUS LIKE 'wsrep_cluster_size'")));
    expect(sizes.map(([row]) => row?.["Value"])).toEqual(["3", "3", "3"]);
    await first.query("SET GLOBAL wsrep_OSU_method = 'TOI'");
  });

  test("up and verify name the nodes that they did not look at; verify --node looks", async () => {
    const [first, second, third] = nodes();
    const looking = `--node mysql://${TOLD} --node mysql://HOST:3306`;
    for (const args of [["up", "--yes"], ["verify"]]) {
      const { exit, stdout, stderr } = await runOn(first, args);
      expect(exit, stderr).toBe(0);
      expect(stdout).toContain(
        `not looked at: 2 other nodes of the cluster, ${TOLD} and 1 whose address the cluster does not tell`,
      );
      expect(stdout).toMatch(new RegExp(`verify ${looking} .*\` looks at them`));
    }
    const fromSecond = await runOn(second, ["verify"]);
    expect(fromSecond.stdout).toContain("2 other nodes of the cluster, 2 whose address the cluster does not tell");

    const account = { user: "checker", password: "Checks-all-1" };
    await first.query(`CREATE USER ${account.user}@'%' IDENTIFIED BY '${account.password}'`);
    await first.query(`GRANT ALL ON *.* TO ${account.user}@'%'`);
    const others = [second, third].map(({ host, port }) => `${host}:${port}`);
    const all = ["verify", ...others.flatMap((node) => ["--node", `mysql://${node}`])];
    const equal = await runOn(first, all, account);
    expect(equal.exit, equal.stdout + equal.stderr).toBe(0);
    expect(equal.stdout).toContain(`; ${others.join(" and ")} are equal to it`);
    expect(equal.stdout).not.toContain("not looked at");

    const session = await third.connection();
    await session.query("SET SESSION wsrep_on = OFF");
    await session.query("CREATE TABLE OnlyHere (id int PRIMARY KEY)");
    const different = await runOn(first, all, account);
    expect(different.exit, different.stderr).toBe(1);
    expect(different.stdout).toContain(`${others[1]}\n  different  only there: table OnlyHere`);
    expect(different.stdout).toContain("delete grastate.dat");
    expect(different.stdout).toContain("\n1 difference\n");
    await session.query("DROP TABLE OnlyHere");

    await using stranger = await freshDatabase(first.lane, "official");
    await stranger.query(`CREATE USER ${account.user}@'%' IDENTIFIED BY '${account.password}'`);
    await stranger.query(`GRANT ALL ON *.* TO ${account.user}@'%'`);
    const { exit, stdout } = await runOn(
      first,
      ["verify", "--node", `mysql://${stranger.host}:${stranger.port}`],
      account,
    );
    expect(exit).toBe(1);
    expect(stdout).toContain("it is no member of this cluster, and no replica: changes do not reach it");
  });

  test("a node without the majority answers nothing, with dirty reads either", async () => {
    const [, , cutOff] = nodes();
    await cutOff.query("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'");
    const isReady = async () =>
      (await cutOff.query<{ Value: string }>("SHOW STATUS LIKE 'wsrep_ready'"))[0]?.Value === "ON";
    await until(async () => !(await isReady()), "the loss of the majority");
    await cutOff.query("SET GLOBAL wsrep_dirty_reads = ON");
    for (const args of [["status"], ["verify"], ["up", "--yes"]]) {
      const { exit, stderr } = await runOn(cutOff, args);
      expect(exit, stderr).toBe(2);
      expect(stderr).toContain("error UNREACHABLE: this node of the cluster accepts no statements now");
      expect(stderr).toContain("wsrep_cluster_status");
    }
  });
});
