/**
 * The plan promises what the server then does. For each state of a facility's tables: `up` by an account without PROCESS sends
 * what `plan` shows to one that sees everything, and ends equal; `down` undoes it, also where the state came after `up`.
 */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { jobRows, jobTables, messageRows, messageTable } from "../adoption/pull-requests.ts";
import { type Account, runOn } from "../cli/run-cli.ts";
import { type Lane, type TestDatabase, onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { catalogOf, journalOf } from "../support/upgrade.ts";

interface State {
  readonly name: string;
  readonly sql: readonly string[];
  readonly vendor?: Lane["vendor"];
  /** What the first new column of the table then needs, by vendor. */
  readonly needs: Partial<Record<Lane["vendor"], string>>;
  readonly table: "AutoProcProgram" | "AutoProcProgramAttachment";
  /** `up` uses some of them. */
  readonly isCounted?: true;
}

const program = (name: string, clauses: readonly string[], needs: State["needs"], vendor?: Lane["vendor"]): State => ({
  name,
  table: "AutoProcProgram",
  sql: clauses.map((clause) => `ALTER TABLE AutoProcProgram ${clause}`),
  needs,
  ...(vendor === undefined ? {} : { vendor }),
});

const attachment = (...args: Parameters<typeof program>): State => {
  const state = program(...args);
  const sql = state.sql.map((each) => each.replace("AutoProcProgram", "AutoProcProgramAttachment"));
  return { ...state, name: `${state.name}, of attachments`, table: "AutoProcProgramAttachment", sql };
};

const instant = { mariadb: "INSTANT, LOCK=NONE", mysql: "INSTANT, LOCK=DEFAULT" };
const inPlace = { mariadb: "INPLACE, LOCK=NONE", mysql: "INPLACE, LOCK=NONE" };
const usedUp = [
  ...Array.from({ length: 127 }, () => [
    "ADD COLUMN own int, ALGORITHM=INSTANT",
    "DROP COLUMN own, ALGORITHM=INSTANT",
  ]).flat(),
  "ADD COLUMN own int, ALGORITHM=INSTANT",
];
const point = "ADD place point NOT NULL DEFAULT (point(0, 0)), ADD SPATIAL KEY at_place (place)";

const states: readonly State[] = [
  program(
    "a virtual column with a key",
    ["ADD v1 varchar(50) AS (left(processingCommandLine, 50)) VIRTUAL, ADD KEY kv1 (v1)"],
    { ...instant, mariadb: "INPLACE, LOCK=SHARED" },
  ),
  attachment(
    "a virtual column with a unique key",
    ["ADD v1 varchar(50) AS (left(fileName, 50)) VIRTUAL, ADD UNIQUE KEY kv1 (v1, autoProcProgramAttachmentId)"],
    {
      ...instant,
      mariadb: "INPLACE, LOCK=SHARED",
    },
  ),
  program("a stored column", ["ADD s1 varchar(50) AS (left(processingCommandLine, 50)) STORED"], instant),
  program(
    "a long unique key",
    ["ADD note text, ADD UNIQUE KEY un (note)"],
    { mariadb: "COPY, LOCK=SHARED" },
    "mariadb",
  ),
  attachment(
    "a unique key USING HASH",
    ["ADD UNIQUE KEY uh (fileName, filePath) USING HASH"],
    { mariadb: "COPY, LOCK=SHARED" },
    "mariadb",
  ),
  program("a FULLTEXT key that was dropped", ["ADD FULLTEXT KEY ft (processingMessage)", "DROP KEY ft"], inPlace),
  attachment("a FULLTEXT key that was dropped", ["ADD FULLTEXT KEY ft (fileName)", "DROP KEY ft"], inPlace),
  program(
    "a FULLTEXT key that was dropped, beside a SPATIAL key",
    [point, "ADD FULLTEXT KEY ft (processingMessage)", "DROP KEY ft"],
    {
      mariadb: "INPLACE, LOCK=SHARED",
    },
    "mariadb",
  ),
  program(
    "a FULLTEXT key that was dropped, and a rebuild",
    ["ADD FULLTEXT KEY ft (processingMessage)", "DROP KEY ft", "FORCE"],
    instant,
  ),
  program("a FULLTEXT key", ["ADD FULLTEXT KEY ft (processingMessage)"], {
    mariadb: "INPLACE, LOCK=SHARED",
    mysql: "COPY, LOCK=SHARED",
  }),
  { ...program("row versions that are used up", usedUp, { mysql: "INPLACE, LOCK=NONE" }, "mysql"), isCounted: true },
  { ...attachment("row versions that are used up", usedUp, { mysql: "INPLACE, LOCK=NONE" }, "mysql"), isCounted: true },
  program("ROW_FORMAT=COMPRESSED", ["ROW_FORMAT=COMPRESSED"], inPlace),
  program("a CHECK on times", ["ADD CONSTRAINT later CHECK (processingEndTime >= processingStartTime)"], instant),
  attachment("a CHECK on an enum", ["ADD CONSTRAINT no_third CHECK (fileType <> 3 OR fileType IS NULL)"], {
    ...instant,
    mysql: "COPY, LOCK=SHARED",
  }),
];

/** An account that may do everything in this database, and nothing else. */
async function owner(db: TestDatabase): Promise<Account> {
  const account = { user: `mig_${db.database}`, password: "Owner-of-one-database-1" };
  await db.query(`CREATE USER ${account.user} IDENTIFIED BY '${account.password}'`);
  await db.query(`GRANT ALL ON \`${db.database}\`.* TO ${account.user}`);
  return account;
}

interface Shown {
  readonly migrations: readonly {
    readonly name: string;
    readonly steps: readonly { readonly number: number; readonly sql?: string }[];
  }[];
}

/** The statements of `plan`, by migration and step. */
async function shownPlan(db: TestDatabase): Promise<Map<string, string>> {
  const { migrations } = JSON.parse((await runOn(db, ["plan", "--json"])).stdout) as Shown;
  const steps = migrations.flatMap(({ name, steps: all }) =>
    all.map(({ number, sql }) => [`${name} ${number}`, sql] as const),
  );
  return new Map(steps.flatMap(([step, sql]) => (sql === undefined ? [] : [[step, sql]])));
}

/** `up` sends what `plan` shows; returns the statements. */
async function keepsItsPromise(db: TestDatabase, account: Account): Promise<string[]> {
  const shown = await shownPlan(db);
  const up = await runOn(db, ["up", "--yes"], account);
  expect(up.exit, up.stderr).toBe(0);
  const sent = new Map(
    (await journalOf(db)).map((row) => [`${String(row["migration"])} ${String(row["step"])}`, row["statement"]]),
  );
  for (const [step, sql] of shown) expect(sent.get(step), step).toBe(sql);
  const verify = await runOn(db, ["verify"]);
  expect(verify.exit, verify.stdout).toBe(0);
  return [...shown.values()];
}

async function takesItBack(db: TestDatabase, account: Account): Promise<void> {
  const down = await runOn(
    db,
    ["down", "--to", "2017_10_16_1_processing_job_tables", "--yes", "--allow-data-loss"],
    account,
  );
  expect(down.exit, down.stderr).toBe(0);
}

onEveryServer("the plan keeps its promise with", (lane) => {
  const makeDatabase = sharedServer(lane);
  const here = states.filter(({ vendor = lane.vendor }) => vendor === lane.vendor);

  test.each(here)("$name", async ({ sql, needs, table }) => {
    await using db = await makeDatabase("official");
    for (const statement of sql) await db.query(statement);
    const account = await owner(db);
    const before = await catalogOf(db);
    const sent = await keepsItsPromise(db, account);
    expect(sent.find((each) => each.startsWith(`ALTER TABLE \`${table}\` ADD COLUMN`))).toContain(
      `ALGORITHM=${needs[lane.vendor] ?? ""}`,
    );
    await takesItBack(db, account);
    expect(compareCatalogs(before, await catalogOf(db))).toEqual([]);
  });

  test.each(here.filter(({ isCounted }) => isCounted !== true))("$name, when it came after `up`", async ({ sql }) => {
    await using db = await makeDatabase("official");
    const account = await owner(db);
    const up = await runOn(db, ["up", "--yes"], account);
    expect(up.exit, up.stderr).toBe(0);
    for (const statement of sql) await db.query(statement);
    await takesItBack(db, account);
    await using fresh = await makeDatabase("official");
    for (const statement of sql) await fresh.query(statement);
    expect(compareCatalogs(await catalogOf(fresh), await catalogOf(db))).toEqual([]);
  });

  test.skipIf(lane.vendor !== "mysql")("row versions that are used up after `up`", async () => {
    await using db = await makeDatabase("official");
    const account = await owner(db);
    expect((await runOn(db, ["up", "--yes"], account)).exit).toBe(0);
    const spend = async () => {
      for (;;) for (const clause of usedUp.slice(0, 2)) await db.query(`ALTER TABLE AutoProcProgram ${clause}`);
    };
    await expect(spend()).rejects.toThrow("Maximum row versions reached");
    await takesItBack(db, account);
    const left = await db.query("SHOW COLUMNS FROM AutoProcProgram LIKE '%Pipeline%'");
    expect(left).toEqual([]);
  });

  test.each([
    ["a FULLTEXT key", ["ADD FULLTEXT KEY ft (description)"]],
    ["a FULLTEXT key that was dropped", ["ADD FULLTEXT KEY ft (description)", "DROP KEY ft"]],
    ["a virtual column with a key", ["ADD v1 varchar(50) AS (left(message, 50)) VIRTUAL, ADD KEY kv1 (v1)"]],
    ["a stored column", ["ADD s1 varchar(50) AS (left(message, 50)) STORED"]],
    ["a CHECK on an enum", ["ADD CONSTRAINT known CHECK (severity IS NULL OR severity > 0)"]],
    ["ROW_FORMAT=COMPRESSED", ["ROW_FORMAT=COMPRESSED"]],
    ["a SPATIAL key", ["ADD place point NOT NULL DEFAULT (point(0, 0)), ADD SPATIAL KEY at_place (place)"]],
  ])("a message table of pull request 36 with %s", async (_, clauses) => {
    await using db = await makeDatabase("official");
    for (const sql of [
      ...jobTables,
      ...jobRows,
      messageTable({ time: "NULL", charset: "ENGINE=InnoDB DEFAULT CHARSET=latin1" }),
    ])
      await db.query(sql);
    for (const clause of clauses) await db.query(`ALTER TABLE AutoProcProgramMessage ${clause}`);
    await db.query(messageRows);
    const account = await owner(db);
    const before = await catalogOf(db);
    await keepsItsPromise(db, account);
    await takesItBack(db, account);
    expect(compareCatalogs(before, await catalogOf(db))).toEqual([]);
  });

  test("what only PROCESS shows: `plan` says so, with the GRANT that shows it", async () => {
    await using db = await makeDatabase("official");
    const account = await owner(db);
    const blind = await runOn(db, ["plan"], account);
    expect(blind.stderr).toContain(
      "this account cannot see whether the server has to copy AutoProcProgram, AutoProcProgramAttachment when a column is added",
    );
    const grant = /GRANT PROCESS ON .*?;/.exec(blind.stderr)?.[0];
    expect(grant).toBe(`GRANT PROCESS ON *.* TO '${account.user}'@'%';`);
    await db.query(grant ?? "");
    expect((await runOn(db, ["plan"], account)).stderr).not.toContain("not visible");
  });
});
