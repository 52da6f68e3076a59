/** A dump that began before a change of its tables: named and waited for, and ended only where that is allowed. */
import type { Connection } from "mysql2/promise";
import { expect, test } from "vitest";
import { readServer } from "../../src/catalog/server.ts";
import { connect } from "../../src/db/connect.ts";
import { hint } from "../../src/hint.ts";
import { endsSnapshots } from "../../src/run/ends-snapshots.ts";
import type { Progress, Run } from "../../src/run/run.ts";
import { waitForSnapshots } from "../../src/run/snapshots.ts";
import type { Statement } from "../../src/steps/contract.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { twoSignals } from "../support/sessions.ts";
import { targetOf, upgrade } from "../support/upgrade.ts";

/** As mysqldump --single-transaction begins. */
async function beginDump(db: TestDatabase): Promise<Connection> {
  const dump = await db.connection();
  await dump.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
  await dump.query("START TRANSACTION WITH CONSISTENT SNAPSHOT");
  return dump;
}

/** Reads every table that was there before the run, and ends. Returns the numbers of errors. */
async function finishDump(dump: Connection, tables: readonly string[]): Promise<number[]> {
  const errors: number[] = [];
  for (const table of tables)
    await dump.query(`SELECT * FROM \`${table}\``).catch((error: { errno: number }) => errors.push(error.errno));
  await dump.query("COMMIT");
  return errors;
}

async function tablesOf(db: TestDatabase): Promise<string[]> {
  return (await db.query<Record<string, string>>("SHOW TABLES")).map((row) => Object.values(row)[0] ?? "");
}

/** Statements of each kind, and whether a transaction that began before can still read the table. */
const kinds: readonly (Pick<Statement, "sql" | "online" | "reads"> & { readonly name: string })[] = [
  {
    name: "an instant new column",
    sql: "ALTER TABLE `Dumped` ADD COLUMN `late` int NULL, ALGORITHM=INSTANT",
    online: { algorithm: "INSTANT", lock: "DEFAULT" },
  },
  {
    name: "an instant new value of an enum",
    sql: "ALTER TABLE `Dumped` MODIFY COLUMN `kind` enum('a','b','c') NULL, ALGORITHM=INSTANT",
    online: { algorithm: "INSTANT", lock: "DEFAULT" },
  },
  {
    name: "an instant dropped column",
    sql: "ALTER TABLE `Dumped` DROP COLUMN `late`, ALGORITHM=INSTANT",
    online: { algorithm: "INSTANT", lock: "DEFAULT" },
  },
  {
    name: "a rebuild",
    sql: "ALTER TABLE `Dumped` MODIFY COLUMN `n` int NOT NULL, ALGORITHM=INPLACE, LOCK=NONE",
    online: { algorithm: "INPLACE", lock: "NONE" },
    reads: "Dumped",
  },
  {
    name: "a copy",
    sql: "ALTER TABLE `Dumped` MODIFY COLUMN `n` bigint NOT NULL, ALGORITHM=COPY, LOCK=SHARED",
    online: { algorithm: "COPY", lock: "SHARED" },
    reads: "Dumped",
  },
];

/** With such a key the servers write a table again for a new column. */
const rebuilt = "ALTER TABLE AutoProcProgram ADD FULLTEXT KEY byCommand (processingCommandLine)";

onEveryServer("an older transaction", (lane) => {
  test.each(kinds)("$name: the server does to its reads what is foretold", async ({ online, sql, ...parts }) => {
    await using db = await freshDatabase(lane, "empty");
    await db.query(
      "CREATE TABLE Dumped (id int PRIMARY KEY, n int, kind enum('a','b')) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
    );
    await db.query("INSERT INTO Dumped VALUES (1, 1, 'a'), (2, 2, 'b')");
    if (sql.includes("DROP")) await db.query("ALTER TABLE Dumped ADD COLUMN late int NULL");
    await using session = await connect(targetOf(db));
    const server = await readServer(session);
    const dump = await beginDump(db);
    await db.query(sql);
    const errors = await finishDump(dump, ["Dumped"]);
    expect(errors).toEqual(
      endsSnapshots({ ...parts, sql, locks: ["Dumped"], ...(online === undefined ? {} : { online }) }, server)
        ?.isCertain === true
        ? [1412]
        : [],
    );
  });

  test("a new key harms only reads that use it, and a new table only its own reads", async () => {
    await using db = await freshDatabase(lane, "empty");
    await db.query("CREATE TABLE Dumped (id int PRIMARY KEY, n int, more text) ENGINE=InnoDB");
    await using session = await connect(targetOf(db));
    const server = await readServer(session);
    const key = "ALTER TABLE `Dumped` ADD KEY `byN` (`n`), ALGORITHM=INPLACE, LOCK=NONE";
    const table = "CREATE TABLE `Later` (`id` int)";
    for (const [sql, reads] of [
      [key, "Dumped FORCE INDEX (byN) WHERE n > 0"],
      [table, "Later"],
    ] as const) {
      const dump = await beginDump(db);
      await db.query(sql);
      await expect(dump.query(`SELECT * FROM ${reads}`)).rejects.toMatchObject({ errno: 1412 });
      expect(await finishDump(dump, ["Dumped"])).toEqual([]);
      expect(
        endsSnapshots(
          {
            sql,
            locks: ["Dumped"],
            ...(sql === key ? { reads: "Dumped", online: server.dialect.can.withoutRebuild } : {}),
          },
          server,
        ),
      ).toMatchObject({ isCertain: false });
    }
  });

  test("a dump that began before the run is named and waited for, and ends without an error", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query(rebuilt);
    const tables = await tablesOf(db);
    const dump = await beginDump(db);
    const events: Progress[] = [];
    let errors: Promise<number[]> | undefined;
    const { verification } = await upgrade(db, {
      progress(event) {
        events.push(event);
        if (event.kind === "waiting") errors ??= finishDump(dump, tables);
      },
    });
    expect(verification.differences).toEqual([]);
    expect(await errors).toEqual([]);
    const waits = events.flatMap((event) => (event.kind === "waiting" ? [event.reason] : []));
    expect(waits).toHaveLength(1);
    const named = new RegExp(
      `^connection ${dump.threadId} \\(root@.*\\) has a transaction open for \\d+ s; after this change, its reads of \\w+ fail with error 1412$`,
    );
    expect(waits[0]).toMatch(named);
    const notes = events.flatMap((event) => (event.kind === "note" ? [event.text] : []));
    expect(notes.filter((text) => text.includes("if it reads a new table, or reads by a new key"))).toHaveLength(1);
  });

  test("with --allow-stall it is named and ended", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query(rebuilt);
    const tables = await tablesOf(db);
    const dump = await beginDump(db);
    const notes: string[] = [];
    const { verification } = await upgrade(db, {
      allowStall: true,
      progress: (event) => void (event.kind === "note" && notes.push(event.text)),
    });
    expect(verification.differences).toEqual([]);
    expect(
      notes.some((text) => /^connection \d+ .*; after this change, its reads of \w+ fail with error 1412$/.test(text)),
    ).toBe(true);
    expect(new Set(await finishDump(dump, tables))).toEqual(new Set([1412]));
  });

  test("one that does not end is named with its statement, what ends it, and the way past it; writers elsewhere are not", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query("CREATE DATABASE elsewhere");
    await db.query("CREATE TABLE elsewhere.busy (n int PRIMARY KEY) ENGINE=InnoDB");
    const writer = await db.connection();
    await writer.query("USE elsewhere");
    await writer.query("START TRANSACTION");
    await writer.query("INSERT INTO busy VALUES (1)");
    const dump = await beginDump(db);
    const reading = dump.query("SELECT SLEEP(3600) AS slept").catch(() => undefined);
    await using main = await connect(targetOf(db));
    await using watchdog = await connect(targetOf(db), "watchdog");
    const { killNow: _, ...signals } = twoSignals();
    const retry = hint("up", { options: { repair: true } });
    const server = await readServer(main);
    const run = {
      main,
      watchdog,
      server,
      signals,
      retry,
      lease: {},
      lockTimeout: 1,
      progress: () => {},
    } as unknown as Run;
    const copy: Statement = {
      sql: "ALTER TABLE `AutoProcProgram` FORCE, ALGORITHM=COPY, LOCK=SHARED",
      locks: ["AutoProcProgram"],
    };
    await expect(waitForSnapshots(run, copy)).rejects.toMatchObject({
      code: "LOCK_TIMEOUT",
      details: {
        found: [
          expect.stringMatching(`^connection ${dump.threadId} .*, and executes SELECT SLEEP\\(3600\\) AS slept$`),
        ],
        next: [
          "wait until they end, or end them:",
          `KILL ${dump.threadId};`,
          expect.objectContaining({ options: { repair: true } }),
          expect.objectContaining({ options: { repair: true, "allow-stall": true } }),
        ],
      },
    });
    await db.query(`KILL ${dump.threadId}`);
    await reading;
    await waitForSnapshots(run, copy);
  });

  test("an account without PROCESS is told what it cannot see, once", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query("CREATE USER limited@'%' IDENTIFIED BY 'Has-limits-1'");
    await db.query(`GRANT ALL ON ${db.database}.* TO limited@'%'`);
    const target = targetOf(db, { user: "limited", password: "Has-limits-1" });
    const notes: string[] = [];
    await db.query(rebuilt);
    await upgrade(db, {
      procedures: [],
      connect: (role) => connect(target, role),
      progress: (event) => void (event.kind === "note" && notes.push(event.text)),
    });
    expect(notes.filter((text) => text.includes("GRANT PROCESS ON *.* TO 'limited'@'%';"))).toHaveLength(1);
  });
});
