/**
 * Measures how long users wait while the schema changes: our `up` in comparison with the same change by hand, in as few
 * statements as possible. AutoProcProgram and AutoProcProgramMessage have many rows, half of the messages without a
 * severity; both, DataCollection and an unrelated table have a writer and a reader each. On MariaDB and MySQL. Exit code 1
 * if a longest write or read during `up` takes more than a quarter of a second, and more than a hundredth of the one by hand.
 *
 *   node scripts/bench/online.ts [ROWS [times]]
 *
 * With `times`, half of the messages have no time either, as pull request 36 allows: MariaDB makes that column NOT NULL only by
 * a copy, while which nothing can be written. `up` needs --allow-stall for it, and nothing is judged.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { loadBase } from "../../src/base/load-base.ts";
import { connect } from "../../src/db/connect.ts";
import type { Db, Target } from "../../src/db/db.ts";
import type { RunningServer } from "../../src/server/provider.ts";
import { type Slowest, type UsedTable, underLoad } from "./online-load.ts";
import { bothServers, newDatabase, upgrade } from "./servers.ts";

const ROWS = Number(process.argv[2] ?? 500_000);
const withTimes = process.argv[3] === "times";

const used: readonly UsedTable[] = [
  { name: "AutoProcProgram", key: "autoProcProgramId", column: "processingMessage", rows: ROWS },
  { name: "AutoProcProgramMessage", key: "autoProcProgramMessageId", column: "message", rows: ROWS },
  { name: "DataCollection", key: "dataCollectionId", column: "runStatus", rows: 1000 },
  { name: "Unrelated", key: "id", column: "what", rows: 1000 },
];

async function prepare(server: RunningServer, name: string): Promise<Target> {
  const target = await newDatabase(server, name);
  await using db = await connect(target);
  await loadBase(db, "official");
  await db.run("CREATE TABLE Unrelated (id int AUTO_INCREMENT PRIMARY KEY, what varchar(40)) ENGINE=InnoDB");
  await fill(db, "Unrelated", "(what)", "SELECT 'a row'", 1000);
  await fill(db, "DataCollection", "(dataCollectionGroupId)", "SELECT dataCollectionGroupId", 1000);
  await fill(
    db,
    "AutoProcProgram",
    "(processingCommandLine, processingPrograms, processingStatus, processingMessage, processingStartTime)",
    "SELECT 'xia2 pipeline=dials image=/data/x_1_master.h5:1:1100', 'xia2 dials', 'SUCCESS', 'processing successful', NOW()",
    ROWS,
  );
  // As pull request 36 makes it.
  await db.run(
    "CREATE TABLE AutoProcProgramMessage (autoProcProgramMessageId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
      "autoProcProgramId int unsigned, " +
      `recordTimeStamp timestamp ${withTimes ? "NULL" : "NOT NULL DEFAULT current_timestamp()"}, ` +
      "severity enum('ERROR','WARNING','INFO'), message varchar(200), description text, " +
      "KEY AutoProcProgramMessage_fk1 (autoProcProgramId), CONSTRAINT AutoProcProgramMessage_fk1 " +
      "FOREIGN KEY (autoProcProgramId) REFERENCES AutoProcProgram (autoProcProgramId)) ENGINE=InnoDB",
  );
  const time = withTimes ? ", IF(autoProcProgramId % 2, NULL, NOW())" : "";
  await db.run(
    `INSERT INTO AutoProcProgramMessage (autoProcProgramId, severity, message${withTimes ? ", recordTimeStamp" : ""}) ` +
      `SELECT autoProcProgramId, IF(autoProcProgramId % 2, NULL, 'INFO'), 'processing successful'${time} FROM AutoProcProgram`,
  );
  for (const { name: table } of used) await db.rows(`ANALYZE TABLE ${table}`);
  return target;
}

/** Doubles the rows until there are enough. */
async function fill(db: Db, table: string, columns: string, values: string, wanted: number): Promise<void> {
  const count = async () => Number((await db.rows<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`))[0]?.n);
  if ((await count()) === 0) await db.run(`INSERT INTO ${table} ${columns} ${values}`);
  for (let rows = await count(); rows < wanted; rows = await count()) {
    await db.run(`INSERT INTO ${table} ${columns} ${values} FROM ${table} LIMIT ${wanted - rows}`);
  }
}

/** Creates the same tables, columns, keys and values, without algorithm and lock. */
async function byHand(target: Target): Promise<void> {
  await using db = await connect(target);
  await db.run("SET SESSION lock_wait_timeout = 600, innodb_lock_wait_timeout = 600");
  await db.run(
    "CREATE TABLE ProcessingJob (processingJobId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, dataCollectionId int unsigned, " +
      "FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId)) ENGINE=InnoDB",
  );
  await db.run("CREATE TABLE ProcessingPipeline (processingPipelineId int NOT NULL PRIMARY KEY) ENGINE=InnoDB");
  await db.run(
    "ALTER TABLE AutoProcProgram ADD COLUMN processingJobId int unsigned, ADD KEY byHand (processingJobId), " +
      "ADD CONSTRAINT byHand FOREIGN KEY (processingJobId) REFERENCES ProcessingJob (processingJobId), " +
      "ADD COLUMN processingPipelineId int, ADD KEY byHand2 (processingPipelineId), " +
      "ADD CONSTRAINT byHand2 FOREIGN KEY (processingPipelineId) REFERENCES ProcessingPipeline (processingPipelineId), " +
      "ADD COLUMN parentAutoProcProgramId int unsigned, ADD KEY byHand3 (parentAutoProcProgramId), " +
      "ADD CONSTRAINT byHand3 FOREIGN KEY (parentAutoProcProgramId) REFERENCES AutoProcProgram (autoProcProgramId), " +
      "ADD COLUMN jobUuid varchar(36), ADD KEY byHand4 (jobUuid)",
  );
  await db.run("UPDATE AutoProcProgramMessage SET severity = 'INFO' WHERE severity IS NULL");
  if (withTimes) {
    await db.run(
      "UPDATE AutoProcProgramMessage m LEFT JOIN AutoProcProgram p USING (autoProcProgramId) " +
        "SET m.recordTimeStamp = IFNULL(p.recordTimeStamp, '1970-01-02') WHERE m.recordTimeStamp IS NULL",
    );
  }
  await db.run(
    "ALTER TABLE AutoProcProgramMessage MODIFY COLUMN severity enum('ERROR','WARNING','INFO') NOT NULL, " +
      "MODIFY COLUMN recordTimeStamp timestamp NOT NULL DEFAULT current_timestamp()",
  );
}

interface Measured {
  readonly during: Readonly<Record<string, Slowest>>;
  readonly before: Readonly<Record<string, Slowest>>;
  readonly took: number;
}

async function measure(target: Target, change: (target: Target) => Promise<void>): Promise<Measured> {
  const before = await usual(target);
  await using load = underLoad(target, used);
  await sleep(500);
  const started = performance.now();
  await change(target);
  const took = performance.now() - started;
  await sleep(500);
  return { during: load.slowest(), before, took };
}

async function usual(target: Target): Promise<Measured["before"]> {
  await using load = underLoad(target, used);
  await sleep(2_000);
  return load.slowest();
}

const seconds = (milliseconds = Number.NaN) => `${(milliseconds / 1000).toFixed(3)} s`.padStart(11);

/** One line for each table and kind of use; true if all are within the bounds. */
function report(hand: Measured, ours: Measured): boolean {
  const lines = used.flatMap(({ name }) =>
    (["write", "read"] as const).map((kind) => {
      const [theirs = 0, own = 0] = [hand.during[name]?.[kind], ours.during[name]?.[kind]];
      const isGood = own <= 250 || own <= theirs / 100;
      return {
        isGood,
        text: `  ${`${name}, ${kind}`.padEnd(30)}${seconds(theirs)}${seconds(own)}${seconds(ours.before[name]?.[kind])}   1/${(theirs / own).toFixed(0)}${isGood ? "" : "  too long"}\n`,
      };
    }),
  );
  process.stdout.write(
    `  ${"longest".padEnd(30)}${"by hand".padStart(11)}${"up".padStart(11)}${"before up".padStart(11)}   ratio\n${lines.map(({ text }) => text).join("")}`,
  );
  process.stdout.write(`  ${"the whole change".padEnd(30)}${seconds(hand.took)}${seconds(ours.took)}\n`);
  return lines.every(({ isGood }) => isGood);
}

for await (const server of bothServers()) {
  process.stdout.write(`${server.description}, ${ROWS.toLocaleString("en")} programs and as many messages\n`);
  const hand = await measure(await prepare(server, "by_hand"), byHand);
  const ours = await measure(await prepare(server, "by_us"), upgrade);
  if (!report(hand, ours) && !withTimes) process.exitCode = 1;
}
