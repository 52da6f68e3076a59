/**
 * Measures how long writes wait while the schema changes: our `up` in comparison with one combined ALTER, as in a
 * script by hand. With half a million rows, a writer and a reader without pause, on MariaDB and MySQL. Exit code 1 if
 * the longest write during `up` takes more than a fiftieth of the other, and more than a quarter of a second.
 *
 *   node scripts/bench/online.ts [ROWS]
 */
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "../../src/db/connect.ts";
import type { Db, Target } from "../../src/db/db.ts";
import { loadBase } from "../../src/base/load-base.ts";
import type { RunningServer } from "../../src/server/provider.ts";
import { bothServers, newDatabase, upgrade } from "./servers.ts";

const ROWS = Number(process.argv[2] ?? 500_000);

interface Load extends AsyncDisposable {
  /** Milliseconds of the slowest write so far. */
  slowest(): number;
}

/** One writer and one reader on AutoProcProgram, each as fast as the server answers. */
async function underLoad(target: Target): Promise<Load> {
  const done = new AbortController();
  let slowest = 0;
  const work = async (statement: (turn: number) => string, answered: (milliseconds: number) => void) => {
    await using db = await connect(target);
    // A write must be able to wait for a complete copy of the table.
    await db.run("SET SESSION lock_wait_timeout = 600, innodb_lock_wait_timeout = 600");
    for (let turn = 1; !done.signal.aborted; turn++) {
      const started = performance.now();
      await (statement(turn).startsWith("SELECT") ? db.rows(statement(turn)) : db.run(statement(turn)));
      answered(performance.now() - started);
    }
  };
  const writer = work(
    (turn) =>
      `UPDATE AutoProcProgram SET processingMessage = 'turn ${turn}' WHERE autoProcProgramId = ${(turn % ROWS) + 1}`,
    (milliseconds) => {
      slowest = Math.max(slowest, milliseconds);
    },
  );
  const reader = work(
    (turn) =>
      `SELECT COUNT(*) FROM AutoProcProgram WHERE autoProcProgramId BETWEEN ${turn % ROWS} AND ${(turn % ROWS) + 200}`,
    () => {},
  );
  return {
    slowest: () => slowest,
    async [Symbol.asyncDispose]() {
      done.abort();
      await Promise.all([writer, reader]);
    },
  };
}

async function prepare(server: RunningServer, name: string): Promise<Target> {
  const target = await newDatabase(server, name);
  await using db = await connect(target);
  await loadBase(db, "official");
  await fill(db);
  return target;
}

async function fill(db: Db): Promise<void> {
  const count = async () => Number((await db.rows<{ n: number }>("SELECT COUNT(*) AS n FROM AutoProcProgram"))[0]?.n);
  for (let rows = await count(); rows < ROWS; rows = await count()) {
    await db.run(
      "INSERT INTO AutoProcProgram (dataCollectionId, processingCommandLine, processingPrograms, processingStatus, processingMessage, processingStartTime) " +
        "SELECT dataCollectionId, 'xia2 pipeline=dials image=/data/x_1_master.h5:1:1100', 'xia2 dials', 'SUCCESS', 'processing successful', NOW() " +
        `FROM AutoProcProgram LIMIT ${ROWS - rows}`,
    );
  }
}

/** Creates the same table, column, key and foreign key; the last three in one ALTER without algorithm and lock. */
async function byHand(target: Target): Promise<void> {
  await using db = await connect(target);
  await db.run("SET SESSION lock_wait_timeout = 600");
  await db.run(
    "CREATE TABLE ProcessingJob (processingJobId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, dataCollectionId int unsigned, " +
      "FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId)) ENGINE=InnoDB",
  );
  await db.run(
    "ALTER TABLE AutoProcProgram ADD COLUMN processingJobId int unsigned, ADD KEY byHand (processingJobId), " +
      "ADD CONSTRAINT byHand FOREIGN KEY (processingJobId) REFERENCES ProcessingJob (processingJobId)",
  );
}

interface Measured {
  readonly blocked: number;
  readonly took: number;
  readonly usual: number;
}

async function measure(target: Target, change: (target: Target) => Promise<void>): Promise<Measured> {
  await using load = await underLoad(target);
  await sleep(2_000);
  const usual = load.slowest();
  const started = performance.now();
  await change(target);
  const took = performance.now() - started;
  await sleep(500);
  return { blocked: load.slowest(), took, usual };
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(3)} s`.padStart(9);

for await (const server of bothServers()) {
  const hand = await measure(await prepare(server, "by_hand"), byHand);
  const ours = await measure(await prepare(server, "by_us"), upgrade);
  const ratio = hand.blocked / ours.blocked;
  if (ratio < 50 && ours.blocked > 250) process.exitCode = 1;
  process.stdout.write(
    `${server.description}, ${ROWS.toLocaleString("en")} rows in AutoProcProgram\n` +
      `                      longest write   the change   longest write before it\n` +
      `  one ALTER by hand      ${seconds(hand.blocked)}    ${seconds(hand.took)}                 ${seconds(hand.usual)}\n` +
      `  ispyb-migrate up       ${seconds(ours.blocked)}    ${seconds(ours.took)}                 ${seconds(ours.usual)}\n` +
      `  ratio of the longest writes: 1/${ratio.toFixed(0)}\n`,
  );
}
