/** Changes that rebuild a table go together, once; never across what changes rows, and never with what needs no rebuild. */
import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { type Migration, loadMigrations } from "../../src/plan/load-migrations.ts";
import { readPlan } from "../../src/plan/read-plan.ts";
import { addColumn, addIndex, changeColumn, column, fillNulls, key } from "../../src/steps/define.ts";
import type { Step } from "../../src/steps/step.ts";
import {
  jobOfProgram,
  jobRows,
  jobTables,
  messageRows,
  messageRowsWithoutTime,
  messageTable,
} from "../adoption/pull-requests.ts";
import { runOn } from "../cli/run-cli.ts";
import { probe, withProbe } from "../migrate/probe.ts";
import { type TestDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { journalOf, targetOf, upgrade } from "../support/upgrade.ts";

const notNull = "2024_03_19_1_message_not_null";

const forms: readonly [form: string, alter: string | undefined][] = [
  ["in a plain table", undefined],
  ["beside a FULLTEXT key", "ALTER TABLE AutoProcProgramMessage ADD FULLTEXT KEY words (message)"],
  ["in a compressed table", "ALTER TABLE AutoProcProgramMessage ROW_FORMAT=COMPRESSED"],
];

/** After pull requests 35 and 36: severity and time of a message may be NULL. */
async function withMessages(db: TestDatabase, alter: string | undefined): Promise<void> {
  const message = messageTable({ time: "NULL", charset: "DEFAULT CHARSET=latin1" });
  const all = [...jobTables, ...jobRows, jobOfProgram, message, messageRows, messageRowsWithoutTime, alter];
  for (const sql of all) if (sql !== undefined) await db.query(sql);
}

/** The statements that were sent for the steps of this migration. */
async function sentFor(db: TestDatabase, migration: string): Promise<(string | null)[]> {
  const rows = (await journalOf(db)).filter((row) => row["migration"] === migration && row["step"] !== 0);
  return rows.map((row) => row["statement"] as string | null);
}

/** The same as they are planned. */
async function plannedFor(db: TestDatabase, migrations: readonly Migration[], migration: string, to?: string) {
  await using session = await connect(targetOf(db));
  const plan = await readPlan(session, migrations, to === undefined ? {} : { to });
  const steps = plan.migrations.flatMap((each) => each.steps);
  return steps
    .filter((step) => step.migration === migration)
    .map(({ madeWith, statement }) => {
      const leader = steps.find((each) => each.migration === madeWith?.migration && each.number === madeWith.number);
      return (leader?.statement ?? statement)?.sql ?? null;
    });
}

const longer = (name: string) => changeColumn("Probe", column(name, "varchar(1024)"));
/** Its first three columns cannot be lengthened without a copy, on any server. */
const createProbe =
  "CREATE TABLE Probe (id int PRIMARY KEY, a varchar(255), b varchar(255), c varchar(255), d int, e varchar(10)) ENGINE=InnoDB CHARSET=latin1";

onEveryServer("rebuilds of one table", (lane) => {
  const makeDatabase = sharedServer(lane);

  test.each(forms)("a message's columns become NOT NULL in one statement, after both fills: %s", async (_, alter) => {
    await using db = await makeDatabase("official");
    await withMessages(db, alter);
    const planned = await plannedFor(db, await loadMigrations(), notNull);
    const { stdout } = await runOn(db, ["plan"]);
    const { verification } = await upgrade(db);
    expect(verification.differences).toEqual([]);

    const [severity, time, first, second] = await sentFor(db, notNull);
    expect([severity, time, first, second]).toEqual(planned);
    expect(severity).toMatch(/^UPDATE `AutoProcProgramMessage` SET `severity`/);
    expect(time).toMatch(/^UPDATE `AutoProcProgramMessage` SET `recordTimeStamp`/);
    expect(first).toMatch(/MODIFY COLUMN `severity` .* NOT NULL, MODIFY COLUMN `recordTimeStamp` timestamp NOT NULL/);
    expect(second).toBe(first);
    expect(stdout).toContain(`in the same statement as ${notNull} step 3`);
    expect(stdout.match(/this count must be 0: rows of AutoProcProgramMessage where .* is NULL/g)).toHaveLength(2);
    const [filled] = await db.query(
      "SELECT SUM(severity = 'INFO') AS info, SUM(recordTimeStamp < '1971-01-01') AS timeless FROM AutoProcProgramMessage",
    );
    expect(filled).toMatchObject({ info: "4", timeless: "1" });
  });

  test("a NULL that no step fills is named before the one statement, and nothing of it is made", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query(createProbe);
    await db.query("INSERT INTO Probe (id, a, d) VALUES (1, 'x', NULL)");
    const migrations = await withProbe(
      longer("a"),
      changeColumn("Probe", column("d", "int", { nullable: false })),
      addColumn("Probe", column("f", "int")),
    );
    await expect(upgrade(db, { migrations })).rejects.toMatchObject({
      code: "CONFLICT",
      message: "1 row of Probe where d is NULL",
      details: { where: `${probe} step 2: change column Probe.d to int NOT NULL` },
    });
    expect(await db.query("SHOW COLUMNS FROM Probe LIKE 'a'")).toMatchObject([{ Type: "varchar(255)" }]);
    await db.query("UPDATE Probe SET d = 1");
    expect((await upgrade(db, { migrations })).verification.differences).toEqual([]);
    const [long, strict, added] = await sentFor(db, probe);
    expect(strict).toBe(long);
    // Instant here, and nothing to be made with a copy.
    expect(added).not.toBe(long);
  });

  test.each<[name: string, between: Step]>([
    ["rows are filled", fillNulls("Probe", "b", { literal: "'x'" })],
    ["something of the same column is made", addIndex("Probe", key("ofB", "b"))],
  ])("never across a step by which %s", async (_, between) => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query(createProbe);
    await db.query("INSERT INTO Probe (id) VALUES (1)");
    const migrations = await withProbe(longer("a"), between, longer("b"), longer("c"));
    const planned = await plannedFor(db, migrations, probe);
    await upgrade(db, { migrations });
    const [first, crossed, second, third] = await sentFor(db, probe);
    expect([first, crossed, second, third]).toEqual(planned);
    // The step between them has nothing to do with c.
    expect(third).toBe(between.kind === "fillNulls" ? second : first);
    expect(second).not.toBe(first);
  });

  test("a key that needs no rebuild stays alone, and a rebuild after it joins the one before it", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query(createProbe);
    const migrations = await withProbe(longer("a"), addIndex("Probe", key("ofE", "e")), longer("b"));
    await upgrade(db, { migrations });
    const [first, index, second] = await sentFor(db, probe);
    expect(second).toBe(first);
    expect(index).toMatch(/^ALTER TABLE `Probe` ADD KEY `ofE` \(`e`\), ALGORITHM=(NOCOPY|INPLACE), LOCK=NONE$/);
  });

  test("one statement for two migrations; --to, a skip, and what is there already cut it", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query(createProbe);
    const [more] = (await withProbe(longer("b"))).slice(-1);
    const migrations = [
      ...(await withProbe(longer("a"))),
      ...(more === undefined ? [] : [{ ...more, name: "2030_01_02_probe" }]),
    ];
    const joined = await plannedFor(db, migrations, probe);
    expect(await plannedFor(db, migrations, "2030_01_02_probe")).toEqual(joined);
    const [cut] = await plannedFor(db, migrations, probe, probe);
    expect(cut).not.toContain("`b`");
    await using session = await connect(targetOf(db));
    const skipping = await readPlan(session, migrations, { skip: { names: ["2030_01_02_probe"], reason: "why" } });
    expect(skipping.migrations.flatMap(({ steps }) => steps.map((step) => step.statement?.sql))).toContain(cut);

    await upgrade(db, { migrations, to: probe });
    expect(await sentFor(db, probe)).toEqual([cut]);
    expect((await upgrade(db, { migrations })).verification.differences).toEqual([]);
    expect((await sentFor(db, "2030_01_02_probe"))[0]).not.toContain("`a`");
  });

  // Only MariaDB keeps a hidden column for such a key, and then copies the table for every change.
  test.skipIf(lane.vendor !== "mariadb")("where every change copies, columns and keys go together", async () => {
    await using db = await makeDatabase("official");
    await db.query("ALTER TABLE AutoProcProgram ADD note text, ADD UNIQUE KEY un (note)");
    expect((await upgrade(db)).verification.differences).toEqual([]);
    const sent = (await journalOf(db)).map((row) => row["statement"] as string | null);
    const copies = new Set(sent.filter((sql) => sql?.startsWith("ALTER TABLE `AutoProcProgram` ")));
    expect(copies.size).toBe(1);
    const [all] = copies;
    expect(all?.match(/ADD COLUMN/g)).toHaveLength(4);
    expect(all?.match(/ADD KEY/g)).toHaveLength(2);
    expect(all?.match(/ADD CONSTRAINT/g)).toHaveLength(2);
    await db.query("INSERT INTO ProcessingJob (processingJobId) VALUES (1)");
    await expect(db.query("UPDATE AutoProcProgram SET processingJobId = 2")).rejects.toThrow(/foreign key/i);
  });

  test("a new column with the time of now is never made with a change that needs another clock", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query("CREATE TABLE Probe (id int PRIMARY KEY, at timestamp NULL, words text, FULLTEXT KEY (words))");
    await db.query("INSERT INTO Probe (id, at) VALUES (1, '2020-01-01')");
    const migrations = await withProbe(
      changeColumn("Probe", column("at", "timestamp", { nullable: false, default: "current_timestamp()" })),
      addColumn("Probe", column("since", "timestamp", { nullable: false, default: "current_timestamp()" })),
    );
    await upgrade(db, { migrations });
    expect(await db.query("SELECT COUNT(*) AS n FROM Probe WHERE YEAR(since) > 2020")).toEqual([{ n: 1 }]);
    const [changed, added] = await sentFor(db, probe);
    expect(added === changed).toBe(lane.vendor === "mysql");
  });
});
