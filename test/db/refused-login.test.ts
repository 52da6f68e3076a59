/** Limits and states of accounts and servers that refuse a connection: each is named, and what is printed ends it. */
import { createConnection } from "mysql2/promise";
import { expect, test } from "vitest";
import { runCli, runOn, urlOf } from "../cli/run-cli.ts";
import { databaseStartedWith } from "../support/own-server.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";

const account = { user: "limited", password: "Has-limits-1" };

async function databaseOf(statement: string, lane: Parameters<typeof freshDatabase>[0]): Promise<TestDatabase> {
  const db = await freshDatabase(lane, "official");
  await db.query(`CREATE USER limited@'%' IDENTIFIED BY '${account.password}'`);
  await db.query("GRANT ALL ON ispyb.* TO limited@'%'");
  await db.query(statement);
  return db;
}

/** Raw connections of the limited account; closed with the database's server. */
async function occupy(db: TestDatabase, count: number): Promise<void> {
  const own = { host: db.host, port: db.port, ...account, database: db.database };
  for (let at = 0; at < count; at += 1) {
    const raw = await createConnection(own);
    raw.on("error", () => {});
  }
}

async function refused(db: TestDatabase): Promise<string> {
  const { exit, stdout, stderr } = await runOn(db, ["status"], account);
  expect(exit, stderr).toBeGreaterThan(1);
  expect(stdout + stderr).not.toContain(account.password);
  return stderr;
}

/** Runs the printed ALTER USER with the account's host, and the command goes through. */
async function passesAfter(db: TestDatabase, stderr: string): Promise<void> {
  const printed = /ALTER USER [^;]*;/.exec(stderr)?.[0] ?? expect.fail(stderr);
  await db.query(printed.replace("'HOST'", "'%'").replace("'***'", `'${account.password}'`));
  const { exit, stderr: now } = await runOn(db, ["status"], account);
  expect(exit, now).toBe(1);
}

onEveryServer("a login that is refused", (lane) => {
  test("MAX_USER_CONNECTIONS", async () => {
    await using db = await databaseOf("ALTER USER limited@'%' WITH MAX_USER_CONNECTIONS 2", lane);
    await occupy(db, 2);
    const stderr = await refused(db);
    expect(stderr).toContain("error UNREACHABLE: the limit MAX_USER_CONNECTIONS 2 of this account is reached\n");
    await passesAfter(db, stderr);
  });

  test("MAX_CONNECTIONS_PER_HOUR", async () => {
    await using db = await databaseOf("ALTER USER limited@'%' WITH MAX_CONNECTIONS_PER_HOUR 1", lane);
    await occupy(db, 1);
    const stderr = await refused(db);
    expect(stderr).toContain("error UNREACHABLE: the limit MAX_CONNECTIONS_PER_HOUR 1 of this account is reached\n");
    await passesAfter(db, stderr);
  });

  test("the server's own limit for each account", async () => {
    await using db = await databaseStartedWith(lane, "official", ["--max-user-connections=2"]);
    await db.query(`CREATE USER limited@'%' IDENTIFIED BY '${account.password}'`);
    await db.query("GRANT ALL ON ispyb.* TO limited@'%'");
    await occupy(db, 2);
    const stderr = await refused(db);
    expect(stderr).toContain("this account has reached the number of connections that the server allows an account\n");
    await passesAfter(db, stderr);
  });

  test("max_connections", async () => {
    await using db = await databaseStartedWith(lane, "official", ["--max-connections=10"]);
    await db.query(`CREATE USER limited@'%' IDENTIFIED BY '${account.password}'`);
    await db.query("GRANT ALL ON ispyb.* TO limited@'%'");
    await occupy(db, 9);
    expect(await refused(db)).toContain("the server accepts no more connections now: max_connections is reached\n");
    await db.query("SET GLOBAL max_connections = 20");
    expect((await runOn(db, ["status"], account)).exit).toBe(1);
  });

  test.each([
    ["an expired password", "ALTER USER limited@'%' PASSWORD EXPIRE", "the password of this account has expired"],
    ["a locked account", "ALTER USER limited@'%' ACCOUNT LOCK", "this account is locked"],
  ])("%s", async (_, statement, message) => {
    await using db = await databaseOf(statement, lane);
    const stderr = await refused(db);
    expect(stderr).toContain(`error ACCESS_DENIED: ${message}\n`);
    await passesAfter(db, stderr);
  });

  test("a name that is none, and a line end behind the password", async () => {
    await using db = await databaseOf("SELECT 1", lane);
    const long = await runCli(["status", "--url", urlOf({ ...db, user: "limited", database: "x".repeat(65) })], {
      MYSQL_PWD: account.password,
    });
    expect([long.exit, long.stderr]).toEqual([78, expect.stringContaining("cannot be the name of a database")]);
    const windows = await runOn(db, ["status"], { ...account, password: `${account.password}\r` });
    expect([windows.exit, windows.stderr]).toEqual([
      78,
      expect.stringContaining("remove the line end behind the password"),
    ]);
  });

  test("a role that the account has and does not use", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query(`CREATE USER limited@'%' IDENTIFIED BY '${account.password}'`);
    await db.query("CREATE ROLE migrators");
    await db.query("GRANT ALL ON ispyb.* TO migrators");
    await db.query("GRANT migrators TO limited@'%'");
    const stderr = await refused(db);
    expect(stderr).toContain("error UNKNOWN_DATABASE: database ispyb does not exist, or this account may not use it\n");
    const [, printed = ""] =
      /this account has a role that it does not use: .*--execute='(SET DEFAULT ROLE [^']+)'/.exec(stderr) ?? [];
    const own = await createConnection({ host: db.host, port: db.port, ...account });
    await own.query(printed);
    own.destroy();
    await upAsDefiner(db);
  });

  test("a role with what the account lacks, which it does not use", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query(`CREATE USER limited@'%' IDENTIFIED BY '${account.password}'`);
    await db.query("CREATE ROLE migrators");
    await db.query("GRANT ALL ON ispyb.* TO migrators");
    await db.query("GRANT migrators TO limited@'%'");
    await db.query("GRANT SELECT ON ispyb.* TO limited@'%'");
    const { exit, stderr } = await runOn(db, ["up", "--yes"], account);
    expect([exit, stderr]).toEqual([4, expect.stringContaining("error MISSING_PRIVILEGE")]);
    const printed = /SET DEFAULT ROLE [^;]+;/.exec(stderr)?.[0] ?? expect.fail(stderr);
    const own = await createConnection({ host: db.host, port: db.port, ...account });
    await own.query(printed);
    own.destroy();
    await upAsDefiner(db);
  });

  /** MariaDB does not count the roles of a DEFINER: `up` refuses until the account itself has what calls need. */
  async function upAsDefiner(db: TestDatabase): Promise<void> {
    if (lane.vendor === "mariadb") {
      const { exit, stderr } = await runOn(db, ["up", "--yes"], account);
      expect([exit, stderr]).toEqual([
        4,
        expect.stringContaining("calls of procedures would fail: they run as limited@%"),
      ]);
      await db.query(/GRANT [^;]+;/.exec(stderr)?.[0] ?? expect.fail(stderr));
    }
    const done = await runOn(db, ["up", "--yes"], account);
    expect(done.exit, done.stderr).toBe(0);
  }
});
