import { createServer } from "node:net";
import type { Connection } from "mysql2/promise";
import { describe, expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import type { Db, Target } from "../../src/db/db.ts";
import {
  ServerError,
  isConnectionLost,
  isDuplicateObject,
  isKilled,
  isLockTimeout,
} from "../../src/db/server-errors.ts";
import { SessionConnection } from "../../src/db/session-connection.ts";
import { LOCK_WAIT_SECONDS, SQL_MODE } from "../../src/db/session.ts";
import { MigrateError, asList } from "../../src/errors.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { until } from "../support/within.ts";

function targetOf({ host, port, user, password, database }: TestDatabase, change: Partial<Target> = {}): Target {
  return { host, port, user, password, database, tls: { mode: "preferred" }, ...change };
}

async function refusal(target: Target): Promise<MigrateError> {
  try {
    await using _ = await connect(target);
  } catch (error) {
    if (error instanceof MigrateError) return error;
    throw error;
  }
  return expect.fail("it connected");
}

async function caught(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.fail("nothing was thrown"),
    (error: unknown) => error,
  );
}

/** Resolves when that session runs such a statement. */
async function busy(db: Db, connectionId: number, statement: string): Promise<void> {
  const sql = "SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = ? AND INFO LIKE ?";
  const isBusy = async () => (await db.rows(sql, [connectionId, `%${statement}%`])).length > 0;
  await until(isBusy, `${statement} to run`);
}

onEveryServer("a connection", (lane) => {
  test("does not depend on settings of the server", async () => {
    await using server = await freshDatabase(lane, "empty");
    const hostile = [
      "sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'",
      "autocommit = 0",
      "time_zone = '+05:00'",
      "foreign_key_checks = 0",
      "wait_timeout = 5",
    ];
    for (const setting of hostile) await server.query(`SET GLOBAL ${setting}`);
    await using db = await connect(targetOf(server));
    const [row] = await db.rows(
      "SELECT @@sql_mode AS mode, @@autocommit AS auto, @@time_zone AS zone, @@foreign_key_checks AS checks, @@lock_wait_timeout AS lockWait, @@wait_timeout AS idle, @@character_set_client AS charset, @@collation_connection AS collation",
    );
    expect(row).toEqual({
      mode: SQL_MODE,
      auto: 1,
      zone: "+00:00",
      checks: 1,
      lockWait: LOCK_WAIT_SECONDS,
      idle: 60,
      charset: "utf8mb4",
      collation: "utf8mb4_unicode_ci",
    });
  });

  test("has no time limit for statements", async () => {
    await using server = await freshDatabase(lane, "empty");
    const name = lane.vendor === "mariadb" ? "max_statement_time" : "max_execution_time";
    await server.query(`SET GLOBAL ${name} = 1`);
    await using db = await connect(targetOf(server));
    expect(await db.rows(`SELECT @@${name} AS value`)).toEqual([{ value: 0 }]);
  });

  test("returns values unchanged", async () => {
    await using server = await freshDatabase(lane, "empty");
    await using db = await connect(targetOf(server));
    await db.run(
      "CREATE TABLE t (big bigint unsigned, small int, text varchar(20), at datetime(3), js json, bin varbinary(4))",
    );
    const text = `it's "ä" \\ ? 😀`;
    await db.run("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", [
      18446744073709551615n,
      -1,
      text,
      new Date(1),
      '{"a": 1}',
      Buffer.from([0, 39, 92, 255]),
    ]);
    const [row] = await db.rows("SELECT * FROM t");
    expect(row).toEqual({
      big: "18446744073709551615",
      small: -1,
      text,
      at: "1970-01-01 00:00:00.001",
      js: '{"a": 1}',
      bin: Buffer.from([0, 39, 92, 255]),
    });
  });

  test("sends a question mark unchanged if there are no values", async () => {
    await using server = await freshDatabase(lane, "empty");
    await using db = await connect(targetOf(server));
    expect(await db.rows("SELECT 'a?' AS a /* ? */")).toEqual([{ a: "a?" }]);
  });

  test("reads the warnings of the right statement, even if calls overlap", async () => {
    await using server = await freshDatabase(lane, "empty");
    await using db = await connect(targetOf(server));
    await db.run("CREATE TABLE t (a int)");
    const [outcome] = await Promise.all([
      db.run("DROP TABLE IF EXISTS missing"),
      db.rows("SELECT 1"),
      db.run("CREATE TABLE IF NOT EXISTS t (a int)"),
    ]);
    expect(outcome.warnings).toMatchObject([{ level: "Note", code: 1051 }]);
  });

  test("counts the rows that matched", async () => {
    await using server = await freshDatabase(lane, "empty");
    await using db = await connect(targetOf(server));
    await db.run("CREATE TABLE t (a int)");
    await db.run("INSERT INTO t VALUES (1), (2)");
    expect((await db.run("UPDATE t SET a = 1")).affectedRows).toBe(2);
    expect((await db.run("UPDATE t SET a = 1")).affectedRows).toBe(2);
  });

  test("has the server's connection id, and sends its role as a connection attribute", async () => {
    await using server = await freshDatabase(lane, "empty");
    await using db = await connect(targetOf(server), "heartbeat");
    expect(await db.rows("SELECT ID AS id FROM information_schema.PROCESSLIST WHERE ID = CONNECTION_ID()")).toEqual([
      { id: db.connectionId },
    ]);
    const [schema] = await db.rows<{ on: number }>("SELECT @@performance_schema AS `on`");
    if (schema?.on === 1) {
      const attributes = await db.rows<{ value: string }>(
        "SELECT ATTR_VALUE AS value FROM performance_schema.session_connect_attrs WHERE PROCESSLIST_ID = CONNECTION_ID() AND ATTR_NAME IN ('program_name', 'role') ORDER BY ATTR_NAME",
      );
      expect(attributes.map(({ value }) => value)).toEqual(["ispyb-migrate", "heartbeat"]);
    }
  });
});

onEveryServer("a server's error", (lane) => {
  test("has its number, state and statement, without passwords", async () => {
    await using server = await freshDatabase(lane, "empty");
    await using db = await connect(targetOf(server));
    const error = await caught(db.run("CREATE USER 'a'@'b' IDENTIFIED BY 'geheim' AND nonsense"));
    expect(error).toBeInstanceOf(ServerError);
    expect(error).toMatchObject({
      code: 1064,
      sqlState: "42000",
      statement: "CREATE USER 'a'@'b' IDENTIFIED BY '***' AND nonsense",
    });
  });

  test.each([
    ["a table", "CREATE TABLE t (a int)"],
    ["a column", "ALTER TABLE t ADD COLUMN a int"],
    ["a key", "ALTER TABLE t ADD KEY k (a)"],
    ["a foreign key", "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (a)"],
    ["a procedure", "CREATE PROCEDURE q() SELECT 1"],
  ])("%s that is there already is known as such", async (_what, statement) => {
    await using server = await freshDatabase(lane, "empty");
    await using db = await connect(targetOf(server));
    await db.run("CREATE TABLE p (a int PRIMARY KEY)");
    await db.run("CREATE TABLE t (a int, KEY k (a), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (a))");
    await db.run("CREATE PROCEDURE q() SELECT 1");
    const error = await caught(db.run(statement));
    expect(isDuplicateObject(error), String(error)).toBe(true);
  });

  test("a lock that is not granted in time", async () => {
    await using server = await freshDatabase(lane, "empty");
    await using holder = await connect(targetOf(server));
    await using db = await connect(targetOf(server));
    await holder.run("CREATE TABLE t (a int)");
    await holder.run("START TRANSACTION");
    await holder.rows("SELECT * FROM t");
    await db.run("SET SESSION lock_wait_timeout = 1");
    expect(isLockTimeout(await caught(db.run("ALTER TABLE t ADD COLUMN b int")))).toBe(true);
  });

  test("KILL QUERY ends the statement, and the session continues", async () => {
    await using server = await freshDatabase(lane, "empty");
    await using holder = await connect(targetOf(server));
    await using db = await connect(targetOf(server));
    await holder.run("CREATE TABLE t (a int)");
    await holder.run("START TRANSACTION");
    await holder.rows("SELECT * FROM t");
    const altered = caught(db.run("ALTER TABLE t ADD COLUMN b int"));
    await busy(holder, db.connectionId, "ALTER TABLE");
    await holder.run(`KILL QUERY ${db.connectionId}`);
    expect(isKilled(await altered)).toBe(true);
    expect(await db.rows("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test("a kill while the warnings of a statement are read leaves the statement done", async () => {
    await using server = await freshDatabase(lane, "empty");
    await using killer = await connect(targetOf(server));
    await killer.run("CREATE TABLE t (a varchar(3))");
    const raw = await server.connection();
    // The driver's connection; the server delays its answer to SHOW WARNINGS.
    const slow = "SELECT 1 FROM (SELECT 1 AS n UNION ALL SELECT 2) AS twice WHERE SLEEP(3600)";
    const query = (sql: string) => raw.query(sql === "SHOW WARNINGS" ? slow : sql);
    const db = new SessionConnection(Object.create(raw, { query: { value: query } }) as Connection, server.database);
    const written = db.run("INSERT IGNORE INTO t VALUES ('abcd')");
    await busy(killer, raw.threadId, "SLEEP");
    await killer.run(`KILL QUERY ${raw.threadId}`);
    expect(await written).toEqual({ affectedRows: 1, warningCount: 1, warnings: [] });
    expect(await killer.rows("SELECT a FROM t")).toEqual([{ a: "abc" }]);
  });

  test("KILL ends the session", async () => {
    await using server = await freshDatabase(lane, "empty");
    await using killer = await connect(targetOf(server));
    await using db = await connect(targetOf(server));
    const gone = caught(db.rows("SELECT SLEEP(30)"));
    await busy(killer, db.connectionId, "SLEEP");
    await killer.run(`KILL ${db.connectionId}`);
    expect(isConnectionLost(await gone)).toBe(true);
    expect(isConnectionLost(await caught(db.rows("SELECT 1")))).toBe(true);
  });
});

onEveryServer("a connection that is refused", (lane) => {
  test("reports the cause and the next step", async () => {
    await using server = await freshDatabase(lane, "empty");
    await server.query("CREATE USER limited IDENTIFIED BY 'geheim-17'");
    const refusals: [Partial<Target>, string][] = [
      [{ password: "geheim-18" }, "ACCESS_DENIED"],
      [{ user: "limited", password: "geheim-18" }, "ACCESS_DENIED"],
      [{ user: "limited", password: "geheim-17" }, "UNKNOWN_DATABASE"],
      [{ database: "nowhere" }, "UNKNOWN_DATABASE"],
      [{ port: 1 }, "UNREACHABLE"],
      [{ host: "no-such-host.invalid" }, "UNREACHABLE"],
      [{ socket: "/nowhere/mysqld.sock" }, "UNREACHABLE"],
    ];
    for (const [change, code] of refusals) {
      const error = await refusal(targetOf(server, change));
      expect(error).toMatchObject({
        code,
        details: { where: expect.any(String), found: expect.any(String), next: expect.any(Array) },
      });
      expect(JSON.stringify([error.message, error.details, String(error.details.cause)])).not.toContain("geheim");
    }
  });

  test("required TLS is used, or the connection is refused", async () => {
    await using server = await freshDatabase(lane, "empty", { tls: true });
    // MySQL shows TLS by a certificate's date; MariaDB by a variable, and since 11.4 it creates a certificate itself.
    const [date] = await server.query<{ Value?: string }>("SHOW GLOBAL STATUS LIKE 'Ssl_server_not_after'");
    const [have] = await server.query<{ Value?: string }>("SHOW GLOBAL VARIABLES LIKE 'have_ssl'");
    const hasTls = (date?.Value ?? "") !== "" || have?.Value === "YES";
    const required = targetOf(server, { tls: { mode: "required" } });
    if (!hasTls) {
      expect(await refusal(required)).toMatchObject({
        code: "CONFIGURATION",
        message: "TLS is required, but the server does not offer it",
      });
      return;
    }
    await using db = await connect(required);
    const [status] = await db.rows<{ Value: string }>("SHOW SESSION STATUS LIKE 'Ssl_cipher'");
    expect(status?.Value).not.toBe("");
    // An authority that did not sign this server's certificate.
    const strange = await refusal(targetOf(server, { host: "localhost", tls: { mode: "verify-identity" } }));
    expect(strange).toMatchObject({ code: "CONFIGURATION", message: "the TLS connection could not be established" });
  });

  test("an account that requires TLS or a certificate: the refusal names the option", async () => {
    await using server = await freshDatabase(lane, "empty", { tls: true });
    await server.query("CREATE USER encrypted IDENTIFIED BY 'geheim-17' REQUIRE SSL");
    await server.query("CREATE USER certified IDENTIFIED BY 'geheim-17' REQUIRE X509");
    const nextFor = async (user: string, tls: Target["tls"]) => {
      const account = { user, password: "geheim-17", tls, getServerPublicKey: true };
      const { code, details } = await refusal(targetOf(server, account));
      expect(code).toBe("ACCESS_DENIED");
      return asList(details.next).map(String).join("\n");
    };
    expect(await nextFor("encrypted", { mode: "disabled" })).toContain("add --ssl-mode=required");
    expect(await nextFor("certified", { mode: "preferred" })).toContain("add --ssl-cert=FILE --ssl-key=FILE");
  });

  test.skipIf(lane.vendor === "mariadb")("the server's public key is fetched only if that was asked for", async () => {
    await using server = await freshDatabase(lane, "empty");
    await server.query("CREATE USER hidden IDENTIFIED WITH caching_sha2_password BY 'geheim-17'");
    await server.query("GRANT SELECT ON `empty`.* TO hidden");
    const account = targetOf(server, { user: "hidden", password: "geheim-17", tls: { mode: "disabled" } });
    expect(await refusal(account)).toMatchObject({
      code: "CONFIGURATION",
      message: "the password would go over an unencrypted connection",
      details: { next: ["add --ssl-mode=required", expect.stringContaining("--get-server-public-key")] },
    });
    await using db = await connect({ ...account, getServerPublicKey: true });
    expect(await db.rows("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    // The server remembers the password from now on, and needs no key for it.
    await using again = await connect(account);
    expect(again.connectionId).toBeGreaterThan(db.connectionId);
  });
});

describe("a port without a database server", () => {
  test.each([
    ["another protocol", "SSH-2.0-OpenSSH_9.9\r\n"],
    ["silence and the end", ""],
  ])("%s", async (_what, banner) => {
    const server = createServer((socket) => socket.end(banner)).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const error = await refusal({ host: "127.0.0.1", port, user: "me", database: "ispyb", tls: { mode: "preferred" } });
    expect(error).toMatchObject({ code: "UNREACHABLE", message: "the connection ended before it was established" });
    server.close();
  });

  test("an unsupported authentication plugin is named, with the accounts to create", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.write(greeting);
      socket.once("data", () =>
        socket.write(packet(2, Buffer.from("\xfeclient_ed25519\0".concat("x".repeat(32)), "latin1"))),
      );
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const error = await refusal({
      host: "127.0.0.1",
      port,
      user: "me",
      password: "geheim",
      database: "ispyb",
      tls: { mode: "preferred" },
    });
    expect(error).toMatchObject({
      code: "ACCESS_DENIED",
      message: "this account uses authentication plugin client_ed25519, which is not supported",
    });
    expect(error.details.next).toHaveLength(3);
    server.close();
  });
});

/** The greeting of a MariaDB and its request for a plugin, in bytes, as its protocol page documents them. */
function packet(sequence: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([body.length & 255, body.length >> 8, 0, sequence]), body]);
}

const greeting = packet(
  0,
  Buffer.concat([
    Buffer.from("\x0a10.11.0-MariaDB\0", "latin1"),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from("12345678\0", "latin1"),
    Buffer.from([0xff, 0xf7, 45, 2, 0, 0xff, 0x81, 21]),
    Buffer.alloc(10),
    Buffer.from("123456789012\0", "latin1"),
    Buffer.from("mysql_native_password\0", "latin1"),
  ]),
);
