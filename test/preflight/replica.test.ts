/** A replica is refused before anything is changed: what is written there stops its replication. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { runOn } from "../cli/run-cli.ts";
import { databaseStartedWith } from "../support/own-server.ts";
import {
  letReplicasIn,
  otherDatabase,
  primaryArguments,
  replicaArguments,
  replicaStatements,
} from "../support/replica.ts";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { upgradedDatabases } from "../support/template.ts";
import { within } from "../support/within.ts";

const limited = { user: "limited", password: "Has-limits-1" };
/** Nothing listens there. */
const nowhere = [1, { file: "changes.000001", position: 4 }] as const;

async function toolTables(db: TestDatabase): Promise<unknown[]> {
  return db.query("SHOW TABLES LIKE 'ispyb\\_migrate\\_%'");
}

async function limitedAccount(db: TestDatabase): Promise<void> {
  await db.query(`CREATE USER limited@'%' IDENTIFIED BY '${limited.password}'`);
  await db.query(`GRANT ALL ON ${db.database}.* TO limited@'%'`);
}

/** What `status --json` says of replication, and the lines that a person reads. */
async function saidBy(db: TestDatabase, account: typeof limited | TestDatabase = db): Promise<[string, string]> {
  const { stdout } = await runOn(db, ["status", "--json"], account);
  const read = await runOn(db, ["status"], account);
  return [(JSON.parse(stdout) as { server: { replication: string } }).server.replication, read.stdout];
}

onEveryServer("a replica", (lane) => {
  test("a real pair: up breaks nothing, before and after its primary died", async () => {
    await using primary = await databaseStartedWith(lane, "official", primaryArguments);
    await using replica = await databaseStartedWith(lane, "official", replicaArguments);
    const { from, start } = replicaStatements(lane, "eu");
    await replica.query(from(primary.port, await letReplicasIn(primary)));
    await replica.query(start());
    await primary.query("CREATE TABLE Sent (id int PRIMARY KEY)");
    const received = async () => {
      while ((await replica.query("SHOW TABLES LIKE 'Sent'")).length === 0) await sleep(50);
    };
    await within(received(), "the change of the primary");

    for (const state of ["alive", "dead"]) {
      if (state === "dead") await primary[Symbol.asyncDispose]();
      const { exit, stdout, stderr } = await runOn(replica, ["up", "--yes"]);
      expect([exit, stdout], stderr).toEqual([4, ""]);
      expect(stderr).toContain(
        `error SERVER_IS_REPLICA: this server is a replica of 127.0.0.1:${primary.port}: changes made here break its replication\n`,
      );
      expect(stderr).toContain(`127.0.0.1:${primary.port} (channel "eu"): receives `);
      expect(stderr).toContain("applies Yes");
    }
    expect(await toolTables(replica)).toEqual([]);
    const meant = await runOn(replica, ["up", "--yes", "--on-replica"]);
    expect(meant.exit, meant.stderr).toBe(0);
  });

  test("each state is said by status and plan, and up follows it", async () => {
    await using db = await databaseStartedWith(lane, "official", replicaArguments);
    await limitedAccount(db);
    const { from, start, stop } = replicaStatements(lane);
    const states: [string, string[]][] = [
      ["none", []],
      ["stopped", [from(...nowhere)]],
      ["running", [start("IO_THREAD")]],
      ["running", [start()]],
      ["running", [stop("IO_THREAD")]],
      ["stopped", [stop()]],
    ];
    for (const [at, [state, statements]] of states.entries()) {
      for (const each of statements) await db.query(each);
      const [said, text] = await saidBy(db);
      expect(said, `state ${at}`).toBe(state);
      if (state === "none") expect(text).not.toContain("replica");
      if (state === "running") expect(text).toContain("this server is a replica: 127.0.0.1:1: receives ");
      if (state === "stopped") expect(text).toContain("replication is stopped and may be started again: 127.0.0.1:1");
      const plan = await runOn(db, ["plan"]);
      expect(plan.exit, plan.stderr).toBe(0);
      expect(plan.stderr.includes("`up` would refuse now: this server is a replica of 127.0.0.1:1")).toBe(
        state === "running",
      );
    }
    const meant = await runOn(db, ["plan", "--on-replica"]);
    expect(meant.stderr).not.toContain("would refuse");
    const done = await runOn(db, ["up", "--yes"]);
    expect(done.exit, done.stderr).toBe(0);
    expect(done.stderr).toContain("replication is stopped and may be started again");
  });

  test("without the privilege: what is visible is refused, and what is not is said with the GRANT", async () => {
    await using db = await databaseStartedWith(lane, "official", replicaArguments);
    await limitedAccount(db);
    const { from, start } = replicaStatements(lane, "eu");
    await db.query(from(...nowhere));
    const [said, text] = await saidBy(db, limited);
    expect(said).toBe("unseen");
    expect(text).toContain("this account cannot see whether the server is a replica");
    await db.query(start());
    const running = await saidBy(db, limited);
    // MySQL tells such an account nothing.
    expect(running[0]).toBe(lane.vendor === "mariadb" ? "running" : "unseen");
    const [grant = ""] = /GRANT [A-Z ]+ ON [^;]*;/.exec(running[1]) ?? [];
    await db.query(grant);
    const refused = await runOn(db, ["up", "--yes"], limited);
    expect(refused.exit, refused.stderr).toBe(4);
    expect(refused.stderr).toContain('127.0.0.1:1 (channel "eu")');
    expect(await toolTables(db)).toEqual([]);
  });

  test("whatever writes is refused, read-only or not, and the printed command works", async () => {
    await using db = await databaseStartedWith(lane, "official", replicaArguments);
    const { from, start } = replicaStatements(lane);
    await db.query(from(...nowhere));
    await db.query(start());
    const upgraded = otherDatabase(db, upgradedDatabases.official);
    const commands: [TestDatabase, string[]][] = [
      [db, ["up", "--yes"]],
      [upgraded, ["down", "--last", "1", "--yes"]],
      [upgraded, ["seed", "multi-sweep", "--yes"]],
      [upgraded, ["seed", "generate", "3", "--yes"]],
      [otherDatabase(db, "tests"), ["provision", "--yes"]],
    ];
    for (const readOnly of ["ON", "OFF"]) {
      await db.query(`SET GLOBAL read_only = ${readOnly}`);
      for (const [on, args] of commands) {
        const { exit, stderr } = await runOn(on, args);
        expect(exit, stderr).toBe(4);
        expect(stderr, args.join(" ")).toContain("error SERVER_IS_REPLICA: ");
        expect(stderr).toMatch(new RegExp(`ispyb-migrate ${args[0]} .*--on-replica`));
      }
    }
    expect(await toolTables(db)).toEqual([]);
    expect(await db.query("SHOW DATABASES LIKE 'ispyb\\_test%'")).toEqual([]);
    for (const args of [
      ["seed", "multi-sweep"],
      ["seed", "remove", "multi-sweep"],
      ["down", "--last", "1"],
    ]) {
      const { exit, stderr } = await runOn(upgraded, [...args, "--yes", "--on-replica"]);
      expect(exit, stderr).toBe(0);
    }
  });
});
