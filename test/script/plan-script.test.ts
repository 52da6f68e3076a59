/** `plan --sql`: the script does exactly what `up` does, without the tool. */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { readServer } from "../../src/catalog/server.ts";
import { connect } from "../../src/db/connect.ts";
import { join, split, statements } from "../../src/base/split-script.ts";
import { loadMigrations } from "../../src/plan/load-migrations.ts";
import { readPlan } from "../../src/plan/read-plan.ts";
import { loadProcedures } from "../../src/repeatables/procedures/source.ts";
import { planScript } from "../../src/script/plan-script.ts";
import { advisoryLockName } from "../../src/state/lease-sql.ts";
import { createToolTables, journalTable, leaseTable } from "../../src/state/tables.ts";
import { runOn } from "../cli/run-cli.ts";
import { CutOff, cuttingConnect } from "../migrate/cut.ts";
import { everythingIsWanted } from "../support/lanes.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { stockClient } from "../support/stock-client.ts";
import { catalogOf, takeDown, targetOf, upgrade } from "../support/upgrade.ts";
import { byHand } from "./by-hand.ts";

const found = await stockClient((line) => process.stderr.write(`tests: ${line}\n`));
if ("reason" in found && everythingIsWanted()) throw new Error(found.reason);

async function scriptOf(db: TestDatabase): Promise<string> {
  await using session = await connect(targetOf(db));
  return await planScript(
    session,
    await readPlan(session, await loadMigrations(), { procedures: await loadProcedures() }),
  );
}

function runScript(db: TestDatabase, script: string, args: readonly string[] = []) {
  if ("reason" in found) throw new Error(found.reason);
  // As the script's own first lines say.
  return found.run(db, script, ["--comments", ...args]);
}

/** All that the journal says, with what `down` needs, but for when, where and by which session. */
function wholeJournalOf(db: TestDatabase) {
  return db.query(
    "SELECT migration, step, what, state, checksum, REGEXP_REPLACE(statement, ' LIMIT [0-9]+$', '') AS statement, previous, account, tool " +
      `FROM ${journalTable} ORDER BY migration, step`,
  );
}

async function toolRows(db: TestDatabase) {
  return [await db.query(`SELECT * FROM ${journalTable}`), await db.query(`SELECT * FROM ${leaseTable}`)];
}

/** The script stops with these words, and neither the schema nor the tool's own tables are changed. */
async function expectStop(
  db: TestDatabase,
  script: string,
  words: string,
  args: readonly string[] = [],
): Promise<void> {
  const toolTables = () => db.query(`SHOW TABLES WHERE Tables_in_${db.database} IN (?, ?)`, [journalTable, leaseTable]);
  const before = await catalogOf(db);
  const tools = await toolTables();
  const { code, output } = await runScript(db, script, args);
  expect(output).toContain(`ispyb-migrate stops: ${words}`);
  expect(code).toBe(args.includes("--force") ? 0 : 1);
  expect(compareCatalogs(before, await catalogOf(db))).toEqual([]);
  expect(await toolTables()).toEqual(tools);
  if (tools.length > 0) expect(await db.query(`SELECT * FROM ${journalTable}`)).toEqual([]);
}

onEveryServer("plan --sql", (lane) => {
  const makeDatabase = sharedServer(lane);

  const situations: readonly (readonly [string, readonly string[]])[] = [
    ["an untouched database", []],
    ["a database that was half upgraded by hand", byHand],
  ];

  test.skipIf("reason" in found).each(situations)("on %s the script does what up does", async (_, given) => {
    await using db = await freshDatabase(lane, "official");
    await using twin = await freshDatabase(lane, "official");
    for (const statement of given) for (const each of [db, twin]) await each.query(statement);
    const before = await catalogOf(db);
    const reader = { user: "reader", password: "Only-reads-1" };
    await db.query(`CREATE USER reader@'%' IDENTIFIED BY '${reader.password}'`);
    await db.query("GRANT SELECT ON ispyb.* TO reader@'%'");
    const plan = await runOn(db, ["plan", "--sql", "-"], reader);
    expect(plan.exit, plan.stderr).toBe(0);
    expect(plan.stdout).not.toContain(reader.password);

    expect(await runScript(db, plan.stdout)).toMatchObject({ code: 0 });
    await upgrade(twin);
    expect(await runOn(db, ["status"])).toMatchObject({ exit: 0 });
    expect(await catalogOf(db)).toEqual(await catalogOf(twin));
    expect(await wholeJournalOf(db)).toEqual(await wholeJournalOf(twin));
    const messages =
      "SELECT autoProcProgramMessageId, severity, recordTimeStamp IS NULL AS untimed FROM AutoProcProgramMessage";
    expect(await db.query(messages)).toEqual(await twin.query(messages));

    const once = await toolRows(db);
    expect((await runScript(db, plan.stdout)).output).toContain("nothing was changed");
    expect(await toolRows(db)).toEqual(once);
    expect(await catalogOf(db)).toEqual(await catalogOf(twin));

    await takeDown(db);
    expect((await catalogOf(db)).tables).toEqual(before.tables);
  });

  test.skipIf("reason" in found)(
    "it stops before its first change if the schema has changed since the plan",
    async () => {
      await using db = await makeDatabase("official");
      for (const statement of byHand) await db.query(statement);
      const script = await scriptOf(db);
      const changes: readonly (readonly [words: string, change: string, back: string])[] = [
        [
          "the schema has changed since the plan",
          "ALTER TABLE AutoProcProgram MODIFY processingPrograms varchar(99)",
          "ALTER TABLE AutoProcProgram MODIFY processingPrograms varchar(255)",
        ],
        [
          "the schema has changed since the plan",
          "ALTER TABLE DataCollection ADD KEY newKey (startImageNumber)",
          "ALTER TABLE DataCollection DROP KEY newKey",
        ],
        [
          "the schema has changed since the plan",
          "ALTER TABLE ProcessingJob DROP FOREIGN KEY ProcessingJob_ibfk1, ADD CONSTRAINT own FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId) ON DELETE CASCADE",
          "ALTER TABLE ProcessingJob DROP FOREIGN KEY own, ADD CONSTRAINT ProcessingJob_ibfk1 FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId)",
        ],
        [
          "the schema has changed since the plan",
          "ALTER TABLE AutoProcProgramAttachment MODIFY fileType enum('Log','Result','Graph','Own')",
          "ALTER TABLE AutoProcProgramAttachment MODIFY fileType enum('Log','Result','Graph')",
        ],
        [
          "the schema has changed since the plan",
          "ALTER TABLE AutoProcProgramAttachment MODIFY fileType enum('Log','Result','Graph') COMMENT 'own'",
          "ALTER TABLE AutoProcProgramAttachment MODIFY fileType enum('Log','Result','Graph')",
        ],
        [
          "the schema has changed since the plan",
          "ALTER TABLE AutoProcProgramAttachment ADD CONSTRAINT own CHECK (fileType <> 'Graph')",
          "ALTER TABLE AutoProcProgramAttachment DROP CONSTRAINT own",
        ],
        [
          "the schema has changed since the plan",
          "ALTER TABLE AutoProcProgramAttachment MODIFY fileType enum('Log','Result','Graph') CHECK (fileType <> 'Graph')",
          // MySQL makes it one of the table.
          lane.vendor === "mysql"
            ? "ALTER TABLE AutoProcProgramAttachment DROP CHECK AutoProcProgramAttachment_chk_1"
            : "ALTER TABLE AutoProcProgramAttachment MODIFY fileType enum('Log','Result','Graph')",
        ],
        [
          "the schema has changed since the plan",
          "ALTER TABLE AutoProcProgramAttachment ROW_FORMAT=COMPRESSED",
          "ALTER TABLE AutoProcProgramAttachment ROW_FORMAT=DEFAULT",
        ],
        [
          "step 2 exists, but is not recorded",
          "CREATE TABLE ProcessingJobParameter (id int PRIMARY KEY)",
          "DROP TABLE ProcessingJobParameter",
        ],
        [
          "step 4 exists, but is not recorded",
          "ALTER TABLE AutoProcProgram ADD processingJobId int",
          "ALTER TABLE AutoProcProgram DROP processingJobId",
        ],
        [
          "a run of `down` was not finished",
          "CREATE TABLE ispyb_migrate_aside_ProcessingJob (id int)",
          "DROP TABLE ispyb_migrate_aside_ProcessingJob",
        ],
      ];
      for (const [words, change, back] of changes) {
        await db.query(change);
        await expectStop(db, script, words);
        await db.query(back);
      }
      expect(await runScript(db, script)).toMatchObject({ code: 0 });
      expect(await runOn(db, ["status"])).toMatchObject({ exit: 0 });
    },
  );

  test.skipIf("reason" in found)("it stops in another database, and while another run is active", async () => {
    await using db = await freshDatabase(lane, "official");
    const script = await scriptOf(db);
    const { output } = await runScript({ ...db, database: "empty" }, script);
    expect(output).toContain("ispyb-migrate stops: the plan is for another database");

    const other = await db.connection();
    await other.query("SELECT GET_LOCK(?, 0)", [advisoryLockName(db.database)]);
    await expectStop(db, script, "another run is changing this database");
    // A client that is told to go on after errors sends all the rest, and to no effect.
    await expectStop(db, script, "another run is changing this database", ["--force"]);
    await other.query("SELECT RELEASE_LOCK(?)", [advisoryLockName(db.database)]);

    // A run on another node of a cluster holds no latch here.
    await using session = await connect(targetOf(db));
    const { identity } = await readServer(session);
    await createToolTables(session);
    await db.query(
      `INSERT INTO ${leaseTable} VALUES (1, 'theirs', 'another account', ?, 'elsewhere', 1, 7, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL 1 HOUR)`,
      [identity],
    );
    await expectStop(db, script, "another run is changing this database");
    expect(await db.query(`SELECT owner, fence FROM ${leaseTable}`)).toEqual([{ owner: "theirs", fence: 7 }]);
    await db.query(
      `UPDATE ${leaseTable} SET heartbeat_at = UTC_TIMESTAMP(6) - INTERVAL 20 SECOND, expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND`,
    );
    expect(await runScript(db, script)).toMatchObject({ code: 0 });
    expect(await db.query(`SELECT owner, fence FROM ${leaseTable}`)).toEqual([{ owner: null, fence: 8 }]);
  });

  test.skipIf("reason" in found)(
    "it continues a run of up that was cut off, and refuses after a down that was cut off",
    async () => {
      await using db = await freshDatabase(lane, "official");
      const cut = { at: "ALTER TABLE", when: "after the server did it" } as const;
      await expect(upgrade(db, { connect: cuttingConnect(db, { sent: 0 }, cut) })).rejects.toThrow(CutOff);
      const states = `SELECT DISTINCT state FROM ${journalTable} WHERE step > 0 ORDER BY state`;
      expect(await db.query(states)).toEqual([{ state: "intended" }, { state: "done" }]);
      expect(await runScript(db, await scriptOf(db))).toMatchObject({ code: 0 });
      await using twin = await freshDatabase(lane, "official");
      await upgrade(twin);
      expect(await catalogOf(db)).toEqual(await catalogOf(twin));
      expect(await wholeJournalOf(db)).toEqual(await wholeJournalOf(twin));

      await db.query("RENAME TABLE ProcessingJobParameter TO ispyb_migrate_aside_ProcessingJobParameter");
      await db.query(`DELETE FROM ${journalTable} WHERE step = 0`);
      const first = "2017_10_16_1_processing_job_tables";
      await expect(scriptOf(db)).rejects.toMatchObject({
        code: "DRIFT",
        details: { next: [{ command: "up" }, { command: "down", options: { to: first } }] },
      });
    },
  );

  test.skipIf("reason" in found)("cut off anywhere and run again, it continues", async () => {
    await using db = await freshDatabase(lane, "official");
    await using twin = await freshDatabase(lane, "official");
    for (const statement of byHand) for (const each of [db, twin]) await each.query(statement);
    const script = await scriptOf(db);
    const parts = split(script);
    const positions = parts.flatMap(({ sql }, at) => (sql === "" ? [] : [at]));
    const sent = positions.map((at) => parts[at]?.sql);
    const intents = sent.flatMap((sql, at) => (sql === "EXECUTE ispyb_intend" ? [at] : []));
    // After the intent, after the statement and before its outcome is written, for some steps of each kind.
    const cuts = intents.flatMap((at, nth) => (nth % 4 === 0 ? [at + 1, sent.indexOf("EXECUTE ispyb_done", at)] : []));
    for (const cut of cuts) {
      const { code, output } = await runScript(db, join(parts.slice(0, positions[cut])));
      expect(code, output).toBe(0);
    }
    expect(await runScript(db, script)).toMatchObject({ code: 0 });
    await upgrade(twin);
    expect(await catalogOf(db)).toEqual(await catalogOf(twin));
    expect(await wholeJournalOf(db)).toEqual(await wholeJournalOf(twin));
    expect(await runOn(db, ["status"])).toMatchObject({ exit: 0 });
  });

  test.skipIf("reason" in found)("rows without a parent stop it, before a key is added and after", async () => {
    await using db = await makeDatabase("official");
    const script = await scriptOf(db);
    const sent = statements(script).map(({ sql }) => sql);
    const adding = sent.findIndex((sql) => sql.includes("ADD CONSTRAINT `AutoProcProgram_FK2`"));
    const added = sent.indexOf("EXECUTE ispyb_statement", sent.indexOf("EXECUTE ispyb_intend", adding));
    const until = (end: number) => `${sent.slice(0, end).join(";\n")};\n`;
    const orphan =
      "SET foreign_key_checks = 0; UPDATE AutoProcProgram SET processingJobId = 4711 ORDER BY autoProcProgramId LIMIT 1";
    await db.query("INSERT INTO AutoProcProgram (processingPrograms) VALUES ('a')");

    await runScript(db, until(adding));
    await runScript(db, orphan);
    expect((await runScript(db, script)).output).toContain("stops: rows are in the way of step 6");
    await db.query("UPDATE AutoProcProgram SET processingJobId = NULL");

    await runScript(db, until(added + 1));
    await runScript(db, orphan);
    expect((await runScript(db, script)).output).toContain("stops: rows are in the way of step 6");
    const { tables } = await catalogOf(db);
    expect(tables["AutoProcProgram"]?.foreignKeys.map((key) => key.name)).not.toContain("AutoProcProgram_FK2");
    await db.query("UPDATE AutoProcProgram SET processingJobId = NULL");

    expect(await runScript(db, script)).toMatchObject({ code: 0 });
    expect(await runOn(db, ["status"])).toMatchObject({ exit: 0 });
  });

  test.skipIf("reason" in found)(
    "rows without a parent that appear while a delete rule is changed restore the old rule",
    async () => {
      await using db = await makeDatabase("official");
      for (const statement of byHand) await db.query(statement);
      const script = await scriptOf(db);
      const sent = statements(script).map(({ sql }) => sql);
      const changing = sent.findIndex((sql) => sql.includes("DROP FOREIGN KEY `ProcessingJob_ibfk1`"));
      const changed = sent.indexOf("EXECUTE ispyb_statement", sent.indexOf("EXECUTE ispyb_intend", changing));
      const rule = async () => {
        const { tables } = await catalogOf(db);
        return tables["ProcessingJob"]?.foreignKeys.map(({ onDelete }) => onDelete);
      };
      for (const again of [() => script, () => scriptOf(db)]) {
        await runScript(db, `${sent.slice(0, changed + 1).join(";\n")};\n`);
        expect(await rule()).toEqual(["CASCADE"]);
        await runScript(db, "SET foreign_key_checks = 0; INSERT INTO ProcessingJob (dataCollectionId) VALUES (4711)");
        expect((await runScript(db, await again())).output).toContain("stops: rows are in the way of step");
        expect(await rule()).toEqual(["RESTRICT"]);
        await db.query("DELETE FROM ProcessingJob");
      }
      expect(await runScript(db, await scriptOf(db))).toMatchObject({ code: 0 });
      expect(await rule()).toEqual(["CASCADE"]);
      expect(await runOn(db, ["status"])).toMatchObject({ exit: 0 });
    },
  );
});
