/** `verify --node`: a replica beside its primary. Nodes of a cluster: test/cluster/nodes.test.ts. */
import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { intercept } from "../../src/db/intercept.ts";
import type { VerifyDocument } from "../../src/documents/verify.ts";
import { compareNodes } from "../../src/migrate/nodes/compare-nodes.ts";
import { freePort } from "../../src/server/private-server.ts";
import { runOn, urlOf } from "../cli/run-cli.ts";
import { startInProcess } from "../support/in-process.ts";
import { databaseStartedWith } from "../support/own-server.ts";
import { letReplicasIn, primaryArguments, replicaArguments, replicaStatements } from "../support/replica.ts";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { targetOf } from "../support/upgrade.ts";
import { until } from "../support/within.ts";

const nodeOf = ({ host, port }: Pick<TestDatabase, "host" | "port">) => `${host}:${port}`;
const withNode = (...nodes: readonly string[]) => ["verify", ...nodes.flatMap((node) => ["--node", `mysql://${node}`])];

/** On both servers: a server for tests has a password of its own for root. */
const account = { user: "checker", password: "Checks-all-1" };
const looker = { user: "looker", password: "Looks-only-1" };

/** Changes on one side only, and the sentence about the replica that each is answered by. */
const changes: readonly (readonly [sql: string, what: string])[] = [
  ["CREATE TABLE OnlyHere (id int PRIMARY KEY)", "only there: table OnlyHere"],
  ["ALTER TABLE Person MODIFY login varchar(44)", "column Person.login, type: varchar(44) instead of varchar(45)"],
  ["ALTER TABLE ProcessingJob DROP COLUMN recipe", "column ProcessingJob.recipe is missing"],
  ["CREATE VIEW OwnView AS SELECT 1 AS one", "only there: view OwnView"],
  ["ALTER VIEW BothHave AS SELECT 2 AS one", "view BothHave has another form"],
  ["DROP TRIGGER BothFire", "trigger BothFire is missing"],
  ["DROP FUNCTION both_call", "function both_call is missing"],
  ["DROP PROCEDURE upsert_processing_job", "procedure upsert_processing_job is missing"],
  ["ALTER PROCEDURE retrieve_processing_job COMMENT 'ours'", "procedure retrieve_processing_job has another form"],
  [
    "DELETE FROM ispyb_migrate_journal WHERE migration = 'procedures/upsert_processing_job'",
    "the journal lacks procedures/upsert_processing_job",
  ],
];

onEveryServer("verify --node", (lane) => {
  test("a replica: equal, each difference named, and what could not be compared", async () => {
    await using primary = await databaseStartedWith(lane, "official", primaryArguments);
    await using replica = await databaseStartedWith(lane, "official", replicaArguments);
    const { forget, from, start, stop } = replicaStatements(lane);
    await replica.query(from(primary.port, await letReplicasIn(primary)));
    await replica.query(start());
    for (const { user, password } of [account, looker]) {
      await primary.query(`CREATE USER ${user}@'%' IDENTIFIED BY '${password}'`);
    }
    await primary.query(`GRANT ALL ON *.* TO ${account.user}@'%'`);
    await primary.query(`GRANT SELECT ON ${primary.database}.* TO ${looker.user}@'%'`);
    const up = await runOn(primary, ["up", "--yes"], account);
    expect(up.exit, up.stderr).toBe(0);
    for (const sql of [
      "CREATE VIEW BothHave AS SELECT 1 AS one",
      "CREATE TRIGGER BothFire BEFORE INSERT ON Person FOR EACH ROW SET NEW.login = TRIM(NEW.login)",
      "CREATE FUNCTION both_call() RETURNS int DETERMINISTIC RETURN 1",
    ])
      await primary.query(sql);
    await until(async () => (await replica.query("SHOW FUNCTION STATUS LIKE 'both\\_call'")).length > 0, "all changes");
    const equal = await runOn(primary, withNode(nodeOf(replica)), account);
    expect(equal.stdout).toContain(`; ${nodeOf(replica)} is equal to it`);
    // The replica's own view of its primary is the same.
    expect((await runOn(replica, withNode(nodeOf(primary)), account)).exit).toBe(0);

    // A change after one node was read, and before the other is, is no difference.
    await using first = await connect(targetOf(primary));
    await using session = await connect(targetOf(replica));
    let isChanged = false;
    const other = intercept(session, async (_, send) => {
      if (!isChanged) {
        isChanged = true;
        await primary.query("CREATE TABLE Meanwhile (id int PRIMARY KEY)");
        await until(async () => (await replica.query("SHOW TABLES LIKE 'Meanwhile'")).length > 0, "the new table");
      }
      return send();
    });
    const { nodes: read } = await compareNodes({ name: "primary", db: first }, [{ name: "replica", db: other }]);
    expect(read.map(({ differences }) => differences)).toEqual([[]]);
    expect(isChanged).toBe(true);

    // Asked on a terminal, one question at a time: another account has a password of its own.
    const asking = startInProcess(
      [...withNode(`${looker.user}@${nodeOf(replica)}`), "--url", urlOf({ ...primary, user: account.user })],
      { tty: { columns: 100 } },
    );
    await asking.said(`Password of ${account.user}@${nodeOf(primary)}/`);
    asking.type(`${account.password}\r`);
    await asking.said(`Password of ${looker.user}@${nodeOf(replica)}/`);
    asking.type(`${looker.password}\r`);
    const answered = await asking.ended;
    expect(answered.exit, answered.stderr).toBe(0);
    expect(answered.stdout + answered.stderr).not.toMatch(new RegExp(`${account.password}|${looker.password}`));

    const nowhere = `127.0.0.1:${await freePort()}`;
    const partly = await runOn(primary, [...withNode(nowhere, nodeOf(replica)), "--json"], account);
    expect(partly.exit, partly.stdout).toBe(2);
    const {
      equal: isEqual,
      error,
      nodes,
    } = JSON.parse(partly.stdout) as VerifyDocument & { error: { message: string } };
    expect([isEqual, nodes.map(({ name }) => name)]).toEqual([true, [nodeOf(replica)]]);
    expect(error.message).toBe(`${nowhere} was not compared: no server listens at this address`);
    const neither = await runOn(primary, withNode(nowhere, `nobody@${nodeOf(replica)}`), account);
    expect(neither.exit, neither.stderr).toBe(2);
    expect(neither.stderr).toContain("error UNREACHABLE: 2 nodes were not compared\n");
    expect(neither.stderr).toContain(`${nodeOf(replica)}: the server rejected this account or password`);

    const twice = await runOn(primary, withNode(nodeOf(replica), `localhost:${replica.port}`), account);
    expect(twice.exit, twice.stderr).toBe(64);
    expect(twice.stderr).toContain("error USAGE: two of the addresses lead to one node\n");
    expect(twice.stdout).toBe("");

    for (const [sql] of changes) await replica.query(sql);
    const { exit, stdout, stderr } = await runOn(primary, [...withNode(nodeOf(replica)), "--json"], account);
    expect(exit, stderr).toBe(1);
    const { differences } = JSON.parse(stdout) as VerifyDocument;
    expect(differences.map(({ node }) => node)).toEqual(differences.map(() => nodeOf(replica)));
    for (const [, what] of changes) expect(differences.map((each) => each.what).join("\n")).toContain(what);
    expect(differences).toHaveLength(changes.length);
    expect(stdout).not.toContain(account.password);

    const seen = await runOn(primary, withNode(nodeOf(replica)), looker);
    expect(seen.exit, seen.stderr).toBe(1);
    expect(seen.stdout).toContain(`not visible  ${nodeOf(replica)}: this account cannot see triggers`);
    expect(seen.stdout).not.toMatch(/different {2}.*(?:trigger|function)/);

    await replica.query(stop());
    await replica.query(forget);
    if (lane.vendor === "mysql") await expectGroupIsRelated(primary, replica);
    const alone = await runOn(primary, withNode(nodeOf(replica)), account);
    expect(alone.exit, alone.stderr).toBe(1);
    expect(alone.stdout).toContain(UNRELATED);
  });
});

// --- internal ---

const UNRELATED = "neither of the two is a replica: changes of one do not reach the other";

/** Members of one replication group are no replicas by a channel that the server shows. */
async function expectGroupIsRelated(...servers: readonly [TestDatabase, TestDatabase]): Promise<void> {
  const [first, other] = servers;
  for (const db of servers) {
    await db.query("INSTALL PLUGIN group_replication SONAME 'group_replication.so'");
    await db.query("SET GLOBAL group_replication_group_name = '6f1f1c1e-3f6b-4c0e-9a52-0c5b6a2f7d10'");
  }
  const { exit, stdout, stderr } = await runOn(first, withNode(nodeOf(other)), account);
  expect(exit, stderr).toBe(1);
  expect(stdout).not.toContain(UNRELATED);
  await other.query("SET GLOBAL group_replication_group_name = '6f1f1c1e-3f6b-4c0e-9a52-0c5b6a2f7d11'");
}
