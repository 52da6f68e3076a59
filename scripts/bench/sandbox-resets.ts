/** Resets of one database, after tests of three kinds, beside the same statements sent by hand. */
import { type Connection, createConnection } from "mysql2/promise";
import { id, idList } from "../../src/sql.ts";
import type { Work } from "./measure.ts";
import type { Started } from "./sandbox-starts.ts";

/** What a test of a processing job writes: one row of each of ten tables, the parents first. */
const rows: readonly (readonly [table: string, values: string])[] = [
  ["ProcessingJob", "dataCollectionId = @dc, displayName = 'a test', recipe = 'xia2', automatic = 0"],
  ["ProcessingJobParameter", "processingJobId = @job, parameterKey = 'spacegroup', parameterValue = 'P1'"],
  ["ProcessingJobImageSweep", "processingJobId = @job, dataCollectionId = @dc, startImage = 1, endImage = 3600"],
  ["AutoProcProgram", "processingJobId = @job, processingPrograms = 'xia2 dials', processingStatus = 1"],
  ["AutoProcProgramAttachment", "autoProcProgramId = @program, fileType = 'Log', fileName = 'xia2.html'"],
  ["AutoProcProgramMessage", "autoProcProgramId = @program, severity = 'INFO', message = 'a', description = 'b'"],
  ["AutoProc", "autoProcProgramId = @program, spaceGroup = 'P1'"],
  ["AutoProcScaling", "autoProcId = @proc"],
  ["AutoProcIntegration", "dataCollectionId = @dc, autoProcProgramId = @program"],
  ["AutoProcScaling_has_Int", "autoProcScalingId = @scaling, autoProcIntegrationId = @integration"],
];

const keptIds: Readonly<Record<string, string>> = {
  ProcessingJob: "job",
  AutoProcProgram: "program",
  AutoProc: "proc",
  AutoProcScaling: "scaling",
  AutoProcIntegration: "integration",
};

const NAME = "ispyb_1";
const PRISTINE = "ispyb_sandbox_pristine";
const CALL = `CALL ispyb_sandbox.reset('${NAME}')`;

export const AFTER = {
  ten: "reset after a test that wrote to ten tables",
  byHand: "the same statements by hand",
  nothing: "reset after nothing",
  everything: "reset after a row in every table",
} as const;

/** The works, on the first database of a sandbox that has rows for a job. */
export async function resets({ admin, databases }: Started): Promise<readonly Work[]> {
  const plain = await createConnection({ uri: databases[0]?.url ?? "" });
  const root = await createConnection({ uri: `${admin.url}${NAME}` });
  // They must not keep the process alive: the sandbox is stopped under them.
  for (const db of [plain, root]) db.on("error", () => {});
  await plain.query(CALL);
  const statements = await byHand(root);
  const wanted = await counts(root);
  const reset = async () => {
    const took = await timed(() => plain.query(CALL));
    await assertReset(root, wanted);
    return took;
  };
  return [
    { name: AFTER.ten, once: async () => (await writeJob(plain), reset()) },
    {
      name: AFTER.byHand,
      once: async () => {
        await writeJob(plain);
        const took = await timed(async () => {
          for (const sql of statements) await root.query(sql);
        });
        await assertReset(root, wanted);
        // The procedure does not know of it: its next call would have more to do.
        await plain.query(CALL);
        return took;
      },
    },
    { name: AFTER.nothing, once: reset },
    { name: AFTER.everything, once: async () => (await writeEverywhere(root), reset()) },
  ];
}

// --- internal ---

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function writeJob(db: Connection): Promise<void> {
  await db.query("SELECT MIN(dataCollectionId) INTO @dc FROM DataCollection");
  for (const [table, values] of rows) {
    await db.query(`INSERT INTO ${table} SET ${values}`);
    const kept = keptIds[table];
    if (kept !== undefined) await db.query(`SET @${kept} = LAST_INSERT_ID()`);
  }
}

/** A row of defaults in every table: with sql_mode '' nearly each of them takes one. */
async function writeEverywhere(db: Connection): Promise<void> {
  const tables = await ask<{ name: string }>(
    db,
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'",
  );
  await db.query("SET SESSION sql_mode = '', foreign_key_checks = 0");
  for (const { name } of tables) await db.query(`INSERT IGNORE INTO ${id(name)} () VALUES ()`);
  await db.query("SET SESSION sql_mode = DEFAULT, foreign_key_checks = 1");
}

/** The least that a person would send for these ten tables, who knows which they are and what was in them. */
async function byHand(db: Connection): Promise<string[]> {
  const begin = ["SET foreign_key_checks = 0", "START TRANSACTION"];
  const end: string[] = ["COMMIT"];
  for (const [table] of rows) {
    const columns = await ask<{ name: string }>(
      db,
      "SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION",
      [PRISTINE, table],
    );
    const names = columns.map(({ name }) => name);
    begin.push(`DELETE FROM ${table}`);
    if (names.length > 0)
      begin.push(`INSERT INTO ${table} ${idList(names)} SELECT ${names.map(id).join(", ")} FROM ${PRISTINE}.${table}`);
    const [counter] = await ask<{ next: number | null }>(
      db,
      "SELECT AUTO_INCREMENT AS next FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?",
      [table],
    );
    if (counter?.next != null) end.push(`ALTER TABLE ${table} AUTO_INCREMENT = ${counter.next}`);
  }
  return [...begin, ...end, "SET foreign_key_checks = 1"];
}

/** Rows and AUTO_INCREMENT of the ten tables, as text. */
async function counts(db: Connection): Promise<string> {
  const parts = rows.map(([table]) => `SELECT '${table}' AS name, COUNT(*) AS n FROM ${table}`);
  const numbers = await ask(db, parts.join(" UNION ALL "));
  const names = rows.map(([table]) => `'${table}'`).join(", ");
  const counters = await ask(
    db,
    `SELECT TABLE_NAME AS name, AUTO_INCREMENT AS next FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (${names}) ORDER BY 1`,
  );
  return JSON.stringify([numbers, counters]);
}

/** Throws if the reset was none: only the time of one that works counts. */
async function assertReset(db: Connection, wanted: string): Promise<void> {
  const there = await counts(db);
  if (there !== wanted) throw new Error(`not reset:\n  ${there}\n  instead of\n  ${wanted}`);
}

async function ask<Row extends object>(db: Connection, sql: string, values: string[] = []): Promise<Row[]> {
  const [found] = await db.query(sql, values);
  return found as Row[];
}
