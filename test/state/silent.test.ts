/** A run whose program hangs, whose host goes silent, or whose sessions are ended: nobody waits for it for long. */
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { intercept } from "../../src/db/intercept.ts";
import type { Progress } from "../../src/run/run.ts";
import { advisoryLockName } from "../../src/state/lease-sql.ts";
import { runOn } from "../cli/run-cli.ts";
import { type Started, startOn } from "../cli/spawn-cli.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { twoSignals } from "../support/sessions.ts";
import { silentProxy } from "../support/silent-proxy.ts";
import { journalOf, targetOf, upgrade } from "../support/upgrade.ts";
import { until, within } from "../support/within.ts";

/** A transaction for which a run waits: it has read the table, and is no dump. */
async function reading(db: TestDatabase) {
  const reader = await db.connection();
  await reader.query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
  await reader.query("START TRANSACTION");
  await reader.query("SELECT COUNT(*) FROM AutoProcProgram");
  return reader;
}

/** Resolves when the program waits for that transaction. */
async function waiting({ child }: Started): Promise<void> {
  for await (const line of createInterface({ input: child.stderr ?? process.stdin }))
    if (/is in use/.test(line)) return;
  throw new Error("the program ended before it waited");
}

async function lockHolder(db: TestDatabase): Promise<number | null> {
  const [row] = await db.query<{ id: number | null }>("SELECT IS_USED_LOCK(?) AS id", [advisoryLockName(db.database)]);
  return row?.id ?? null;
}

const seconds = (since: number) => (performance.now() - since) / 1000;

/** An account that may do everything in the database, and end no session of another account. */
async function other(db: TestDatabase) {
  const account = { user: "other", password: "Ends-nothing-1" };
  await db.query(`CREATE USER other@'%' IDENTIFIED BY '${account.password}'`);
  await db.query(`GRANT ALL ON ${db.database}.* TO other@'%'`);
  return account;
}

onEveryServer(
  "a silent run",
  (lane) => {
    test("is paused: its session is ended where that is allowed, the next run finishes, and it sends nothing more", async () => {
      await using db = await freshDatabase(lane, "official");
      const reader = await reading(db);
      const holder = startOn(db, ["up", "--yes"]);
      await waiting(holder);
      holder.child.kill("SIGSTOP");
      const since = performance.now();
      await reader.query("COMMIT");
      const reasons: string[] = [];
      const progress = (event: Progress) => void (event.kind === "waiting" && reasons.push(event.reason));
      let took: number | undefined;
      const { verification } = await upgrade(db, {
        progress(event) {
          progress(event);
          if (event.kind === "section") took ??= seconds(since);
        },
      });
      expect(verification.differences).toEqual([]);
      expect(reasons.join("\n")).toMatch(/ended connection \d+ of a run that has not been heard of for \d+ s: root@/);
      expect(took).toBeLessThan(15);
      const before = await journalOf(db);
      holder.child.kill("SIGCONT");
      const { exit, stderr } = await holder.ended;
      expect(exit, stderr).toBe(2);
      expect(await journalOf(db)).toEqual(before);
      expect((await runOn(db, ["verify"])).exit).toBe(0);
    });

    test("is paused, and may not be ended: exit 3 with the KILL, after which the next run takes over", async () => {
      await using db = await freshDatabase(lane, "official");
      const account = await other(db);
      const reader = await reading(db);
      const holder = startOn(db, ["up", "--yes"]);
      await waiting(holder);
      holder.child.kill("SIGSTOP");
      await reader.query("COMMIT");
      const started = performance.now();
      const refused = await runOn(db, ["up", "--yes", "--skip", "procedures,grants", "--reason", "not ours"], account);
      expect(refused.exit, refused.stderr).toBe(3);
      expect(seconds(started)).toBeLessThan(20);
      expect(refused.stderr).toMatch(/has not been heard of for \d+ s/);
      const [, kill = ""] = /(KILL \d+);   -- as its account, or one with CONNECTION.ADMIN/.exec(refused.stderr) ?? [];
      expect(kill).toBe(`KILL ${await lockHolder(db)}`);
      await db.query(kill);
      const killed = performance.now();
      const next = await runOn(db, ["up", "--yes", "--skip", "procedures,grants", "--reason", "not ours"], account);
      expect(next.exit, next.stderr).toBe(0);
      expect(seconds(killed)).toBeLessThan(15);
      holder.child.kill("SIGKILL");
      await holder.ended;
    });

    test("its network is silent: it ends by itself with what to run next, and the next run takes over", async () => {
      await using db = await freshDatabase(lane, "official");
      await using proxy = await silentProxy(db);
      const reader = await reading(db);
      const holder = startOn({ ...db, port: proxy.port }, ["up", "--yes"]);
      await waiting(holder);
      proxy.silence();
      const since = performance.now();
      await reader.query("COMMIT");
      const next = upgrade(db);
      const { exit, stderr } = await holder.ended;
      expect(seconds(since)).toBeLessThan(20);
      expect(exit, stderr).toBe(2);
      expect(stderr).toContain("the server has not answered for 8 s");
      expect((await next).verification.differences).toEqual([]);
    });

    test("the second Ctrl-C ends it, although the server does not answer", async () => {
      await using db = await freshDatabase(lane, "official");
      await using proxy = await silentProxy(db);
      const { killNow, ...signals } = twoSignals();
      const run = upgrade(db, {
        signals,
        // Later than the second Ctrl-C: it is not the heartbeat that ends the run.
        leaseTimes: { unanswered: 60_000 },
        connect: (role) => connect(targetOf(proxy), role),
        progress(event) {
          if (event.kind !== "running") return;
          proxy.silence();
          setTimeout(killNow, 100);
        },
      });
      await expect(within(run, "the end of the run", 30)).rejects.toMatchObject({ code: "INTERRUPTED" });
    });

    test("its second session is ended: another takes its place, and the run goes on", async () => {
      await using db = await freshDatabase(lane, "official");
      const reader = await reading(db);
      const watchdogs: number[] = [];
      const run = upgrade(db, {
        leaseTimes: { heartbeat: 100 },
        connect: async (role) => {
          const session = await connect(targetOf(db), role);
          if (role === "watchdog") watchdogs.push(session.connectionId);
          return session;
        },
      });
      await until(() => watchdogs.length === 1, "the second session");
      await db.query(`KILL ${watchdogs[0]}`);
      await until(() => watchdogs.length === 2, "another one");
      await reader.query("COMMIT");
      expect((await run).verification.differences).toEqual([]);
      expect(await db.query("SELECT owner FROM ispyb_migrate_lease")).toEqual([{ owner: null }]);
    });

    test("its heartbeat has no answer, and the server takes no session more: the run goes on", async () => {
      await using db = await freshDatabase(lane, "official");
      const account = { user: "limited", password: "Five-at-once-1" };
      await db.query(`CREATE USER limited@'%' IDENTIFIED BY '${account.password}' WITH MAX_USER_CONNECTIONS 5`);
      await db.query(`GRANT ALL ON ${db.database}.* TO limited@'%'`);
      const refused = Promise.withResolvers<void>();
      let isFull = false;
      const fill = async () => {
        await db.query("ALTER USER limited@'%' WITH MAX_USER_CONNECTIONS 1");
        isFull = true;
      };
      const run = upgrade(db, {
        leaseTimes: { heartbeat: 100, unanswered: 6_000 },
        skip: { names: ["procedures", "grants"], reason: "not ours" },
        connect: async (role) => {
          const opening = connect(targetOf(db, account), role);
          opening.catch(() => refused.resolve());
          return intercept(await opening, async (sql, send) => {
            // The statement is sent once another session was refused, and heartbeats wait as long.
            if (role === "watchdog" && isFull && sql.startsWith("UPDATE ispyb_migrate_lease")) await refused.promise;
            if (role === "main" && !isFull && sql.startsWith("ALTER TABLE `AutoProcProgram`")) {
              await fill();
              await refused.promise;
            }
            return send();
          });
        },
      });
      expect((await run).verification.differences).toEqual([]);
    });

    test("a session that waits for a person stays, and one of a program that hangs does not", async () => {
      await using db = await freshDatabase(lane, "empty");
      await using session = await connect(targetOf(db));
      expect(await session.rows("SELECT @@SESSION.wait_timeout AS seconds")).toEqual([{ seconds: 60 }]);
      const idle = async () => {
        const [row] = await db.query<{ time: number }>(
          "SELECT TIME AS time FROM information_schema.PROCESSLIST WHERE ID = ?",
          [session.connectionId],
        );
        return Number(row?.time);
      };
      let most = 0;
      await until(
        async () => {
          const now = await idle();
          const hasPinged = now < most;
          most = Math.max(most, now);
          return hasPinged;
        },
        "a ping",
        500,
      );
      expect(most).toBeLessThan(25);
    });
  },
  { sideBySide: true },
);
