/**
 * Measures how many jobs one client creates per second, each with 2 sweeps, 5 parameters and a program: by
 * create_processing_job, by a call for each row, and by plain INSERTs. They run in turns over loopback on MariaDB and
 * MySQL, with every commit flushed to the log (the servers' default) and without. Exit code 1 if, with the default,
 * one call is not three times as fast as the calls of ispyb-api.
 *
 *   node scripts/bench/jobs.ts [JOBS]
 */
import { connect } from "../../src/db/connect.ts";
import type { Db, Value } from "../../src/db/db.ts";
import { type Call, callsOn, idOf } from "./calls.ts";
import { print } from "./measure.ts";
import { bothServers, migratedDatabase } from "./servers.ts";

const JOBS = Number(process.argv[2] ?? 500);
const TURNS = 10;

const sweeps = [
  { dataCollectionId: 1, startImage: 1, endImage: 1100 },
  { dataCollectionId: 2, startImage: 1, endImage: 1100 },
];
const parameters = [
  "d_min=1.8",
  "spacegroup=P43212",
  "unit_cell=78.9,78.9,38.1,90,90,90",
  "cc_half=0.3",
  "method=dials",
]
  .map((each) => each.split("=") as [string, string])
  .map(([key, value]) => ({ key, value }));
const program = { programs: "xia2 dials", commandLine: "xia2 pipeline=dials", processingPipelineId: 6 };
const job = { displayName: "xia2 DIALS", recipe: "xia2-dials", automatic: false, parameters, sweeps, program };

/** Calls as mysql-connector's callproc makes them for ispyb-api: sets a variable for each argument and reads all again. */
function callprocsOn(db: Db): Call {
  return async (procedure, ...args) => {
    const variables = [null, ...args].map((_, at) => `@_${procedure}_arg${at + 1}`);
    for (const [at, value] of [null, ...args].entries()) await db.run(`SET ${variables[at]} = ?`, [value]);
    await db.run(`CALL ${procedure}(${variables.join(", ")})`);
    return idOf(await db.rows(`SELECT ${variables.join(", ")}, ${variables[0]} AS id`));
  };
}

async function byCalls(call: Call): Promise<void> {
  const id = await call("upsert_processing_job", 1, job.displayName, null, job.recipe, 0);
  for (const { key, value } of parameters) await call("upsert_processing_job_parameter", id, key, value);
  for (const { dataCollectionId, startImage, endImage } of sweeps) {
    await call("upsert_processing_job_image_sweep", id, dataCollectionId, startImage, endImage);
  }
  const { commandLine, programs, processingPipelineId } = program;
  const run = [commandLine, programs, null, null, null, null, null, id, processingPipelineId, null];
  await call("upsert_processing_program_v2", ...run);
}

async function byInserts(db: Db): Promise<void> {
  const insert = async (table: string, row: Record<string, Value>) => {
    const columns = Object.keys(row);
    const values = columns.map(() => "?").join(", ");
    await db.run(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${values})`, Object.values(row));
  };
  const { displayName, recipe, automatic } = job;
  await insert("ProcessingJob", { dataCollectionId: 1, displayName, recipe, automatic });
  const processingJobId = idOf(await db.rows("SELECT LAST_INSERT_ID() AS id"));
  for (const { key: parameterKey, value: parameterValue } of parameters) {
    await insert("ProcessingJobParameter", { processingJobId, parameterKey, parameterValue });
  }
  for (const sweep of sweeps) await insert("ProcessingJobImageSweep", { processingJobId, ...sweep });
  const { commandLine: processingCommandLine, programs: processingPrograms, processingPipelineId } = program;
  await insert("AutoProcProgram", {
    processingJobId,
    processingCommandLine,
    processingPrograms,
    processingPipelineId,
    recordTimeStamp: new Date(),
  });
}

const oneCall = "create_processing_job";
const separate = "a call for each row, as in ispyb-api";
const ways: Readonly<Record<string, (db: Db) => Promise<void>>> = {
  [oneCall]: async (db) => {
    await db.run("CALL create_processing_job(?, @result)", [JSON.stringify(job)]);
    await db.rows("SELECT @result");
  },
  [separate]: (db) => byCalls(callprocsOn(db)),
  "a minimal call for each row": (db) => byCalls(callsOn(db)),
  "INSERTs, one transaction each": byInserts,
  "INSERTs in one transaction": async (db) => {
    await db.run("START TRANSACTION");
    await byInserts(db);
    await db.run("COMMIT");
  },
};

/** Jobs per second of each method. */
async function measure(db: Db): Promise<Map<string, number>> {
  const seconds = new Map<string, number>();
  for (let turn = -1; turn < TURNS; turn++) {
    for (const [way, make] of Object.entries(ways)) {
      const started = performance.now();
      for (let made = 0; made < JOBS / TURNS; made++) await make(db);
      // The first turn warms up.
      if (turn >= 0) seconds.set(way, (seconds.get(way) ?? 0) + (performance.now() - started) / 1000);
    }
  }
  return new Map([...seconds].map(([way, took]) => [way, JOBS / took]));
}

for await (const server of bothServers()) {
  await using db = await connect(await migratedDatabase(server, "jobs_bench"));
  for (const flush of [1, 0]) {
    await db.run(`SET GLOBAL innodb_flush_log_at_trx_commit = ${flush}`);
    const measured = await measure(db);
    const ours = measured.get(oneCall) ?? Number.NaN;
    if (flush === 1 && !(ours >= 3 * (measured.get(separate) ?? Number.NaN))) process.exitCode = 1;
    print(
      `${server.description}, innodb_flush_log_at_trx_commit = ${flush}; ${JOBS} jobs for each method: 2 sweeps, 5 parameters, a program`,
      [
        ["method", "jobs per second", `${oneCall} is`],
        ...[...measured].map(([way, rate]) => [way, rate.toFixed(0), `${(ours / rate).toFixed(1)} × as fast`]),
      ],
    );
  }
}
