/**
 * A reader and a writer on the tables of the plan, on their relatives, on others and on a table of another database, while
 * `up` runs beside transactions that are in its way: only those wait for a lock that the plan names. The proof has rows
 * enough for long statements, and measures: none waits half a second longer than the other database without being named.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { loadMigrations } from "../../src/plan/load-migrations.ts";
import { type PlanOptions, readPlan } from "../../src/plan/read-plan.ts";
import { isProof, limit } from "../support/proof.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { connectWith } from "../support/sessions.ts";
import { targetOf, upgrade } from "../support/upgrade.ts";
import { FIRST_CHANGE, open } from "./kinds.ts";
import { CONTROL, type User, steadyUsers } from "./steady-users.ts";

/** Rows of AutoProcProgram and of AutoProcProgramMessage, in a proof. */
const ROWS = 200_000;

/** The tables of which a transaction has read, and in the suite the statements that find it so; in a proof all do. */
const HELD = ["AutoProcProgram", "DataCollection"];
const FINDS = isProof()
  ? /^(?:ALTER|CREATE) TABLE/
  : /^CREATE TABLE `ProcessingJob` |^ALTER TABLE `AutoProcProgram` ADD COLUMN/;

/** They are seen to wait for each change of their table before it is let through. */
const OWN_USERS = ["reads AutoProcProgram", "writes AutoProcProgram"];

const OTHERS = ["Person", "Proposal", "BLSession", "Protein", "Crystal"];

/** No migration knows these; a facility has dozens. */
const relatives = {
  ChildOfProgram:
    "autoProcProgramId int unsigned, FOREIGN KEY (autoProcProgramId) REFERENCES AutoProcProgram (autoProcProgramId)",
  ChildOfCollection:
    "dataCollectionId int unsigned, FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId) " +
    "ON DELETE CASCADE ON UPDATE CASCADE",
};

/** "writes AutoProcProgram" */
const nameOf = ({ table, use }: User) => `${use} ${table}`;

interface Named {
  /** As users are called. */
  readonly all: ReadonlySet<string>;
  /** Those that wait for as long as a statement works. */
  readonly long: readonly string[];
}

async function namedByPlan(db: TestDatabase, options: PlanOptions): Promise<Named> {
  await using session = await connect(targetOf(db));
  const plan = await readPlan(session, await loadMigrations(), options);
  const forecasts = plan.migrations.flatMap(({ steps }) => steps.flatMap(({ forecast }) => forecast ?? []));
  const long = forecasts.flatMap(({ algorithm, lock, reads }) =>
    reads !== undefined && (algorithm === "COPY" || lock === "SHARED") ? [`writes ${reads.table}`] : [],
  );
  const short = forecasts.flatMap(({ waits }) =>
    waits.flatMap(({ table, who }) => (who === "users" ? [`reads ${table}`, `writes ${table}`] : [`writes ${table}`])),
  );
  return { all: new Set([...long, ...short]), long };
}

async function fillTables(db: TestDatabase): Promise<void> {
  // As pull request 36 makes it, with rows that have to be filled.
  await db.query(
    "CREATE TABLE AutoProcProgramMessage (autoProcProgramMessageId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
      "autoProcProgramId int unsigned, recordTimeStamp timestamp NULL DEFAULT current_timestamp, " +
      "severity enum('ERROR','WARNING','INFO'), message varchar(200), description text, " +
      "KEY AutoProcProgramMessage_fk1 (autoProcProgramId), CONSTRAINT AutoProcProgramMessage_fk1 " +
      "FOREIGN KEY (autoProcProgramId) REFERENCES AutoProcProgram (autoProcProgramId)) ENGINE=InnoDB DEFAULT CHARSET=latin1",
  );
  const columns = "dataCollectionId, processingCommandLine, processingPrograms, processingMessage";
  for (let rows = 1; rows < ROWS; rows *= 2)
    await db.query(`INSERT INTO AutoProcProgram (${columns}) SELECT ${columns} FROM AutoProcProgram`);
  await db.query(
    "INSERT INTO AutoProcProgramMessage (autoProcProgramId, recordTimeStamp, message) SELECT autoProcProgramId, NULL, 'finished' FROM AutoProcProgram",
  );
  for (const table of ["AutoProcProgram", "AutoProcProgramMessage"]) await db.query(`ANALYZE TABLE ${table}`);
}

/** Tables with a foreign key to one of the held, or from it. */
async function relativesOf(db: TestDatabase): Promise<string[]> {
  const rows = await db.query<{ child: string; parent: string }>(
    "SELECT DISTINCT TABLE_NAME AS child, REFERENCED_TABLE_NAME AS parent FROM information_schema.KEY_COLUMN_USAGE " +
      "WHERE TABLE_SCHEMA = DATABASE() AND (REFERENCED_TABLE_NAME IN (?) OR (TABLE_NAME IN (?) AND REFERENCED_TABLE_NAME IS NOT NULL))",
    [HELD, HELD],
  );
  return rows.flatMap(({ child, parent }) => [child, parent]);
}

onEveryServer("a pulse", (lane) => {
  test("only those wait that the plan names", limit(240), async () => {
    await using db = await freshDatabase(lane, "official");
    for (const [name, columns] of Object.entries(relatives))
      await db.query(`CREATE TABLE ${name} (id int PRIMARY KEY, ${columns}) ENGINE=InnoDB`);
    if (isProof()) await fillTables(db);
    const to = isProof() ? {} : { to: FIRST_CHANGE };
    const named = await namedByPlan(db, to);
    await using users = await steadyUsers(db, [...new Set([...HELD, ...(await relativesOf(db)), ...OTHERS])]);
    const holders = await Promise.all(HELD.map(async (table) => ({ table, session: await db.connection() })));
    for (const { session } of holders) await session.query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");

    const waiting = new Set<string>();
    /** Since the transactions of now began. */
    const since = new Set<string>();
    const isOver = new AbortController();
    const looking = (async () => {
      while (!isOver.signal.aborted) {
        for (const user of await users.waiting()) {
          waiting.add(nameOf(user));
          since.add(nameOf(user));
        }
        await sleep(50);
      }
    })();
    const found = new Set<string>();
    let wanted: readonly string[] = [];
    let isHeld = false;
    const hold = async () => {
      for (const { session, table } of holders) {
        await session.query(open);
        await session.query(`SELECT * FROM ${table} LIMIT 1`);
      }
      since.clear();
      isHeld = true;
    };
    const release = async () => {
      isHeld = false;
      for (const { session } of holders) await session.query("COMMIT");
    };
    const time = { from: performance.now(), to: Number.POSITIVE_INFINITY };
    const { recorded } = await upgrade(db, {
      ...to,
      procedures: [],
      allowStall: true,
      connect: connectWith(db, () => async (sql, send) => {
        if (FINDS.test(sql) && !found.has(sql)) {
          found.add(sql);
          wanted = sql.startsWith("ALTER TABLE `AutoProcProgram` ") ? OWN_USERS : [];
          if (!isHeld) await hold();
        }
        return send();
      }),
      progress({ kind }) {
        if (kind === "waiting" && isHeld && wanted.every((each) => since.has(each))) void release();
      },
    });
    if (isHeld) await release();
    isOver.abort();
    await looking;
    expect(recorded.length).toBeGreaterThan(0);
    expect(users.errors).toEqual([]);
    expect([...waiting]).toEqual(expect.arrayContaining(OWN_USERS));
    expect([...waiting].filter((each) => !named.all.has(each))).toEqual([]);
    if (!isProof()) return;

    const longest = new Map(users.all.map((user) => [nameOf(user), users.longest(user, time)]));
    const usual = (use: string) => longest.get(`${use} ${CONTROL}`) ?? 0;
    const rows = [...longest].map(([name, wait]) => {
      const how = named.long.includes(name) ? "named, for long" : named.all.has(name) ? "named" : "";
      return `${name.padEnd(40)}${(wait / 1000).toFixed(3).padStart(8)} s  ${how}`;
    });
    process.stdout.write(`\n${lane.name}, longest wait of each\n${rows.join("\n")}\n\n`);
    const unnamed = [...longest].filter(
      ([name, wait]) => wait > usual(name.split(" ")[0] ?? "") + 500 && !named.all.has(name),
    );
    expect(unnamed).toEqual([]);
    for (const name of named.long) expect(longest.get(name)).toBeGreaterThan(usual("writes"));
  });
});
