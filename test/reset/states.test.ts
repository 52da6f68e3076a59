/** Every state that a session may be in when it calls: the reset is exact, or its error names the state. */
import type { Connection } from "mysql2/promise";
import { expect, test } from "vitest";
import { onEveryServer } from "../support/servers.ts";
import { until } from "../support/within.ts";
import { pictureOf } from "./picture.ts";
import { ONE, TWIN, type TestDatabases, testDatabases } from "./test-databases.ts";

const CALL = `CALL ispyb_sandbox.reset('${ONE}')`;

/** What a session does before it calls. */
const exact: Readonly<Record<string, readonly string[]>> = {
  "an open transaction": ["START TRANSACTION", "INSERT INTO ProcessingPipelineCategory (name) VALUES ('open')"],
  "autocommit 0": ["SET autocommit = 0", "INSERT INTO ProcessingPipelineCategory (name) VALUES ('open')"],
  "a read-only transaction": ["START TRANSACTION READ ONLY", "SELECT 1"],
  "a read-only session": ["SET SESSION TRANSACTION READ ONLY"],
  "a read-only session with autocommit 0": [
    "SET SESSION TRANSACTION READ ONLY",
    "SET autocommit = 0",
    "SELECT 1 FROM ProcessingJob",
  ],
  "READ UNCOMMITTED": ["SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED"],
  "safe updates": ["SET SESSION sql_safe_updates = 1"],
  "a transaction that chains": ["SET SESSION completion_type = 'CHAIN'", "START TRANSACTION", "SELECT 1"],
  "a session that ends with its transaction": [
    "SET SESSION completion_type = 'RELEASE'",
    "START TRANSACTION",
    "SELECT 1",
  ],
  "another time zone": ["SET SESSION time_zone = '-07:00'"],
  "another sql_mode": [
    "SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE'",
  ],
  "a limit of rows": ["SET SESSION sql_select_limit = 1", "SET SESSION sql_big_selects = 0, max_join_size = 2"],
  "a temporary table in the way": [
    "CREATE TEMPORARY TABLE ProcessingPipelineCategory (processingPipelineCategoryId int, name varchar(20))",
    "INSERT INTO ProcessingPipelineCategory VALUES (1, 'mine')",
  ],
  "another current database": ["USE information_schema"],
  "a handler that is open": ["HANDLER ProcessingPipelineCategory OPEN"],
};

const named: Readonly<Record<string, readonly [before: readonly string[], error: RegExp, after: readonly string[]]>> = {
  "an XA transaction": [["XA START 'x'"], /XA transaction/, ["XA END 'x'", "XA ROLLBACK 'x'"]],
  "an idle XA transaction": [["XA START 'x'", "XA END 'x'"], /XA transaction/, ["XA ROLLBACK 'x'"]],
  "LOCK TABLES": [["LOCK TABLES ProcessingJob WRITE"], /UNLOCK TABLES/, ["UNLOCK TABLES"]],
};

onEveryServer("a session that calls reset", (lane) => {
  test("states in which it is exact", async () => {
    await using databases = await testDatabases(lane);
    const { server, plain } = databases;
    await databases.reset();
    const twin = await pictureOf(server, TWIN);
    for (const [state, statements] of Object.entries(exact)) {
      await change(databases);
      const session = await plain();
      for (const sql of statements) await session.query(sql);
      const before = await settingsOf(session, databases);
      await session.query(CALL);
      expect(await settingsOf(session, databases), state).toEqual(before);
      expect(await pictureOf(server, ONE), state).toEqual(twin);
      session.destroy();
    }
  });

  test("states that an error names", async () => {
    await using databases = await testDatabases(lane);
    const { server, plain } = databases;
    const twin = await pictureOf(server, TWIN);
    for (const [state, [before, error, after]] of Object.entries(named)) {
      await change(databases);
      const session = await plain();
      const settings = await settingsOf(session, databases);
      for (const sql of before) await session.query(sql);
      await expect(session.query(CALL), state).rejects.toThrow(error);
      for (const sql of after) await session.query(sql);
      expect(await settingsOf(session, databases), state).toEqual(settings);
      await session.query(CALL);
      expect(await pictureOf(server, ONE), state).toEqual(twin);
      session.destroy();
    }
  });

  test("transactions left open: those of this database end and are named, others go on", async () => {
    await using databases = await testDatabases(lane);
    const { server, plain } = databases;
    await change(databases);
    const [own, others, caller] = [await plain(), await plain(TWIN), await plain()];
    for (const session of [own, others]) {
      await session.query("START TRANSACTION");
      await session.query(
        "UPDATE ProcessingPipelineCategory SET name = 'leaked' WHERE processingPipelineCategoryId = 1",
      );
    }
    const [[row]] = (await own.query("SELECT CONNECTION_ID() AS id")) as unknown as [[{ id: number }]];
    await caller.query(CALL);
    const [warnings] = (await caller.query("SHOW WARNINGS")) as unknown as [{ Message: string }[]];
    expect(warnings.map(({ Message }) => Message).join("\n")).toContain(`session ${row.id} of ${ONE}`);
    await expect(own.query("SELECT 1")).rejects.toThrow();
    await others.query("ROLLBACK");
    expect(await pictureOf(server, ONE)).toEqual(await pictureOf(server, TWIN));
  });

  test("a session of nobody's database that holds a lock is an error within seconds", async () => {
    await using databases = await testDatabases(lane);
    const { server, plain } = databases;
    await change(databases);
    const [holder, caller] = [await server.connection(), await plain()];
    await holder.query("USE information_schema");
    await holder.query("START TRANSACTION");
    await holder.query(`SELECT * FROM ${ONE}.ProcessingPipelineCategory FOR UPDATE`);
    const before = await settingsOf(caller, databases);
    await expect(caller.query(CALL)).rejects.toThrow(/another session locks/);
    expect(await settingsOf(caller, databases)).toEqual(before);
    await holder.query("ROLLBACK");
    await caller.query(CALL);
    expect(await pictureOf(server, ONE)).toEqual(await pictureOf(server, TWIN));
  });

  test("a reset that is killed is done again by the next", async () => {
    await using databases = await testDatabases(lane);
    const { server, plain } = databases;
    await databases.reset();
    for (const pause of [1, 3, 6, 10, 20, 40, 80]) {
      await change(databases);
      const admin = await server.connection();
      await admin.query(`CREATE TABLE ${ONE}.added (id int)`);
      const session = await plain();
      const call = session.query(CALL).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, pause));
      await admin.query(`KILL ${session.threadId}`).catch(() => {});
      await call;
      await until(
        async () =>
          (await server.query(`SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = ${session.threadId}`)).length ===
          0,
        "the session to end",
      );
      await databases.reset();
      expect(await pictureOf(server, ONE), `killed after ${pause} ms`).toEqual(await pictureOf(server, TWIN));
    }
  });

  test("an account resets only its own database, and reads nothing of ispyb_sandbox", async () => {
    await using databases = await testDatabases(lane);
    const session = await databases.plain();
    await expect(session.query(`CALL ispyb_sandbox.reset('${TWIN}')`)).rejects.toThrow(/belongs to account ispyb_2/);
    await expect(session.query("CALL ispyb_sandbox.reset('mysql')")).rejects.toThrow(
      /no test database is called mysql/,
    );
    await expect(session.query("CALL ispyb_sandbox.reset(NULL)")).rejects.toThrow(/no test database/);
    await expect(session.query("CALL ispyb_sandbox.reset('ispyb_1`; DROP DATABASE ispyb_1; --')")).rejects.toThrow(
      /no test/,
    );
    await expect(session.query("SELECT * FROM ispyb_sandbox.registered")).rejects.toThrow(/denied/);
    await expect(session.query(`CALL ispyb_sandbox.restore_database('${TWIN}')`)).rejects.toThrow(/denied/);
    await expect(session.query("CALL ispyb_sandbox.execute_statement('DROP DATABASE ispyb_2')")).rejects.toThrow(
      /denied/,
    );
    await session.query("CALL ispyb_sandbox.reset_all()");
  });
});

/** Rows of a lookup table change, and a counter moves. */
async function change({ server }: TestDatabases): Promise<void> {
  const [session] = [await server.connection()];
  await session.query(`USE ${ONE}`);
  await session.query("INSERT INTO ProcessingPipelineCategory (name) VALUES ('mine')");
  await session.query("UPDATE ProcessingPipelineCategory SET name = 'changed' WHERE processingPipelineCategoryId = 1");
  session.destroy();
}

/** All settings of the session but those that name the moment; asked without a table, which some states forbid. */
async function settingsOf(session: Connection, { server }: TestDatabases): Promise<Record<string, unknown>> {
  const names = await server.query<{ Variable_name: string }>("SHOW SESSION VARIABLES");
  const moving =
    /^(?:timestamp|pseudo_|gtid_|last_|in_transaction|error_count|warning_count|insert_id|identity|rand_seed|statement_id|innodb_buffer|skip_parallel|wsrep)/;
  const asked = names.map((row) => row.Variable_name).filter((name) => !moving.test(name));
  const [rows] = await session.query(`SELECT ${asked.map((name) => `@@${name} AS \`${name}\``).join(", ")}`);
  return (rows as Record<string, unknown>[])[0] ?? {};
}
