/**
 * The twenty situations in which `up` meets replication or a proxy: where a change would break replication or land on
 * two servers, it is refused before the first change; elsewhere it is right. 1 to 15 are here, on a primary server and its
 * replica; 16 to 20 are the proxies in front of a cluster, in test/cluster/nodes.test.ts. `scripts/prove right` prints them.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Account, runOn } from "../cli/run-cli.ts";
import { playProxy, proxies } from "../support/proxy-situations.ts";
import { otherDatabase } from "../support/replica.ts";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { createDatabase } from "../support/template.ts";
import { type Pair, type ReplicaSituation, replicas, saidBy, startPair } from "./replica-situations.ts";

const texts = {
  running: "this server is a replica: ",
  stopped: "replication is stopped: ",
  unseen: "this account cannot see whether the server is a replica",
} as const;

onEveryServer("the right server", (lane) => {
  let pair: Pair | undefined;
  beforeAll(async () => {
    pair = await startPair(lane);
  });
  afterAll(async () => {
    await pair?.replica[Symbol.asyncDispose]();
    await pair?.primary[Symbol.asyncDispose]();
  });
  const there = () => pair ?? expect.fail("there is no pair");
  let number = 1;

  for (const situation of proxies) {
    test(`${number++}. a proxy that ${situation.what}: ${situation.outcome}`, () =>
      playProxy([there().primary, there().replica], situation));
  }

  test("a primary server is no replica", async () => {
    const { state, text } = await saidBy(there().primary);
    expect(state).toBe("none");
    expect(text).not.toContain("replica");
  });

  for (const situation of replicas(lane)) {
    const title = `${number++}. a replica that ${situation.what}: ${situation.outcome}`;
    test(title, async () => {
      await situation.prepare(there());
      await playReplica(there(), situation, `s${title.split(".", 1)[0]}`);
    });
  }
});

// --- internal ---

async function playReplica({ primary, replica }: Pair, situation: ReplicaSituation, name: string): Promise<void> {
  const { isLimited, more = [], outcome, state } = situation;
  const isRefused = outcome === "SERVER_IS_REPLICA";
  const needsOwn = isLimited === true || !isRefused;
  if (needsOwn) await createDatabase(replica, name, "official");
  const db = needsOwn ? otherDatabase(replica, name) : replica;
  const account = isLimited === true ? await limitedAccount(db) : db;
  const said = await saidBy(db, account);
  expect(said).toEqual({ state, text: expect.stringContaining(texts[state]) });

  const source = isLimited === true ? "" : ` of 127.0.0.1:${primary.port}`;
  const plan = await runOn(db, ["plan", ...more], account);
  expect(plan.exit, plan.stderr).toBe(0);
  expect(plan.stderr.includes(`\`up\` would refuse now: this server is a replica${source}`)).toBe(isRefused);
  const { exit, stdout, stderr } = await runOn(db, ["up", "--yes", ...more], account);
  if (isRefused) {
    expect([exit, stdout], stderr).toEqual([4, ""]);
    const what = `this server is a replica${source}: changes made here break its replication\n`;
    expect(stderr).toContain(`error SERVER_IS_REPLICA: ${what}`);
    expect(await db.query(`SHOW TABLES IN ${db.database} LIKE 'ispyb\\_migrate\\_%'`)).toEqual([]);
  } else {
    expect(exit, stderr).toBe(0);
    expect(stderr).toContain(texts[state]);
  }
  const change = isRefused ? ["up", "--yes"] : ["seed", "multi-sweep", "--yes"];
  if (isLimited === true) await seenWithGrant(db, account, said.text, change);
}

/** The GRANT that such an account is told shows it the channels, and a change is refused where they run. */
async function seenWithGrant(
  db: TestDatabase,
  account: Account,
  told: string,
  change: readonly string[],
): Promise<void> {
  const [grant = ""] = /GRANT [A-Z ]+ ON [^;]*;/.exec(told) ?? [];
  await db.query(grant);
  const { state, text } = await saidBy(db, account);
  expect(state).toMatch(/running|stopped/);
  expect(text).toContain('(channel "eu"), receiver ');
  if (state === "stopped") return;
  const { exit, stderr } = await runOn(db, change, account);
  expect(exit, stderr).toBe(4);
  expect(stderr).toContain("error SERVER_IS_REPLICA: ");
  expect(stderr).toContain('(channel "eu"), receiver ');
}

async function limitedAccount(db: TestDatabase): Promise<Account> {
  const account = { user: `limited_${db.database}`, password: "Has-limits-1" };
  await db.query(`CREATE USER ${account.user}@'%' IDENTIFIED BY '${account.password}'`);
  await db.query(`GRANT ALL ON ${db.database}.* TO ${account.user}@'%'`);
  return account;
}
