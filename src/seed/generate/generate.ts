/** `seed generate`: as many realistic jobs as one likes, the same ones for the same random seed. */
import { introspect } from "../../catalog/introspect.ts";
import { type Server, readServer } from "../../catalog/server.ts";
import type { Db } from "../../db/db.ts";
import { MigrateError } from "../../errors.ts";
import { killable } from "../../migrate/killable.ts";
import type { Migration } from "../../migrate/load.ts";
import { type Held, type Session, localTime, refuseUnmigrated, withLease } from "../session.ts";
import { inTransaction } from "../write.ts";
import { ahead, batches } from "./build.ts";
import { type Way, wayOf } from "./bulk.ts";
import { type Target, refuseTooMany, targetsOf } from "./columns.ts";
import { type Amount, amountOf } from "./count.ts";
import { Random } from "./random.ts";
import { FORM, type Generated, generatedName, readGenerated, writeGenerated } from "./record.ts";
import { nextIds, reserve } from "./reserve.ts";
import { type TableName, perTable, tableNames } from "./tables.ts";

export interface GenerateOptions extends Session {
  readonly jobs: number;
  /** A whole number from 0 to 2^32 - 1: the same one makes the same jobs. */
  readonly randomSeed: number;
  /** What nothing is later than, in the time of the server; else now. */
  readonly at?: string;
  readonly migrations: readonly Migration[];
  /** Ends the statement that is running, on the server. */
  readonly kill: AbortSignal;
  /** Called where something would be written. Throws where the answer is no. */
  readonly confirm: (server: Server, plan: GeneratePlan) => Promise<void>;
  /** Jobs that are written and committed. */
  readonly onProgress: (jobs: number) => void;
}

export interface GeneratePlan {
  readonly name: string;
  readonly jobs: number;
  /** Jobs that an earlier run has written. */
  readonly already: number;
  /** In all tables. */
  readonly rows: number;
  readonly way: Way;
}

export interface GenerateResult extends GeneratePlan {
  readonly server: Server;
  readonly database: string;
  readonly at: string;
  /** The ids of the first and the last job. */
  readonly firstJob: number;
  readonly lastJob: number;
  readonly rowsByTable: Readonly<Record<TableName, number>>;
}

/**
 * Throws NOT_MIGRATED, USAGE where this random seed has made something else here, CONFLICT for what an
 * earlier version has begun, what `confirm` throws, LEASE_HELD, STATEMENT_FAILED and INTERRUPTED: then the
 * same call goes on with the first job that is missing.
 */
export async function generate(options: GenerateOptions): Promise<GenerateResult> {
  const { jobs, migrations, randomSeed } = options;
  await using main = await options.connect("main");
  const server = await readServer(main);
  await steadyTime(main);
  await refuseUnmigrated(main, migrations);
  const catalog = await introspect(main, server.dialect, { tables: tableNames });
  const targets = targetsOf(catalog);
  const way = await wayOf(main);
  const before = await begun(main, options);
  const amount = before === undefined ? amountOf(Random.of(randomSeed, SHAPES), jobs) : before.ranges;
  if (before === undefined) {
    const next = await nextIds(main);
    refuseTooMany(
      catalog,
      perTable((table) => next[table] + amount.rows[table]),
    );
  }
  const plan: GeneratePlan = {
    name: generatedName(randomSeed),
    jobs,
    already: before?.progress.jobs ?? 0,
    rows: sum(amount.rows),
    way,
  };
  if (before?.state === "done") return resultOf(main, server, before, plan);
  await options.confirm(server, plan);
  return await withLease(main, server, options, again(options), async (held) => {
    // While the question stood there, or another run held the lease, everything may have changed.
    await refuseUnmigrated(main, migrations);
    const now = (await begun(main, options)) ?? (await begin(main, options, amount));
    const sessions = { main, keeper: held.keeper, signals: options };
    let last = now;
    const stopped = (done: string) => interrupted(options, last, done);
    await killable(sessions, stopped, () => write(main, now, { held, options, targets, way }, (to) => (last = to)));
    return resultOf(main, server, last, plan);
  });
}

// --- internal ---

/** Streams of chance: what happens, and what the rows say. */
const SHAPES = 0;
const DETAILS = 1;

/** The server's own time, but without the hour that summer time leaves out: no program could have written it. */
async function steadyTime(db: Db): Promise<void> {
  await localTime(db);
  const [row] = await db.rows<{ shift: string }>(
    "SELECT TIME_FORMAT(TIMEDIFF(NOW(), UTC_TIMESTAMP()), '%H:%i') AS shift",
  );
  const shift = String(row?.shift);
  await db.run("SET SESSION time_zone = ?", [shift.startsWith("-") ? shift : `+${shift}`]);
}

/** What this random seed has begun or done here. */
async function begun(db: Db, options: GenerateOptions): Promise<Generated | undefined> {
  const name = generatedName(options.randomSeed);
  const found = await readGenerated(db, name);
  if (found === undefined) return undefined;
  const removing = `ispyb-migrate seed remove ${name}   # takes it back`;
  const refuse = (code: "USAGE" | "CONFLICT", what: string, words: string) =>
    new MigrateError(code, what, {
      where: `${name} in ${db.database}`,
      found: words,
      done: "no row was written",
      next: [removing, `ispyb-migrate seed generate ${options.jobs} --random-seed N   # beside it`],
    });
  if (found.state === "removing") throw refuse("CONFLICT", `${name} is being removed`, "some of its rows are gone");
  if (found.jobs !== options.jobs) {
    const words = `${found.jobs} jobs, of which ${found.progress.jobs} are written`;
    throw refuse("USAGE", `random seed ${options.randomSeed} has made another number of jobs here`, words);
  }
  if (options.at !== undefined && options.at !== found.at) {
    throw refuse("USAGE", `${name} counts its times from another moment`, found.at);
  }
  if (found.state === "writing" && found.form !== FORM) {
    throw refuse("CONFLICT", `another version of ispyb-migrate has begun ${name}`, "it makes other rows");
  }
  return found;
}

async function begin(db: Db, { at, jobs, randomSeed }: GenerateOptions, amount: Amount): Promise<Generated> {
  const first = await reserve(db, amount.rows);
  const shapes = Random.of(randomSeed, SHAPES).state;
  const details = Random.of(randomSeed, DETAILS).state;
  const generated: Generated = {
    name: generatedName(randomSeed),
    form: FORM,
    state: "writing",
    jobs,
    at: at ?? (await serverTime(db)),
    ranges: { first, ...amount },
    progress: { jobs: 0, samples: 0, next: first, shapes, details },
  };
  await writeGenerated(db, generated);
  return generated;
}

async function serverTime(db: Db): Promise<string> {
  const [row] = await db.rows<{ now: string }>("SELECT DATE_FORMAT(NOW(), '%Y-%m-%d %H:%i:%s') AS now");
  return String(row?.now);
}

interface Means {
  readonly held: Held;
  readonly options: GenerateOptions;
  readonly targets: ReadonlyMap<TableName, Target>;
  readonly way: Way;
}

async function write(
  db: Db,
  generated: Generated,
  { held, options, targets, way }: Means,
  onWritten: (generated: Generated) => void,
): Promise<void> {
  let last = generated;
  options.onProgress(last.progress.jobs);
  for await (const { batch, progress } of ahead(batches(generated, options.randomSeed, way, targets))) {
    held.check();
    if (options.stop.aborted) throw interrupted(options, last, "what was begun is finished");
    const written = { ...last, progress, state: progress.jobs === last.jobs ? ("done" as const) : last.state };
    await inTransaction(db, last.name, async () => {
      await batch.send(db);
      await writeGenerated(db, written);
    });
    last = written;
    onWritten(last);
    options.onProgress(progress.jobs);
  }
}

function resultOf(db: Db, server: Server, { at, jobs, ranges }: Generated, plan: GeneratePlan): GenerateResult {
  const firstJob = ranges.first.ProcessingJob;
  return {
    ...plan,
    server,
    database: db.database,
    at,
    firstJob,
    lastJob: firstJob + jobs - 1,
    rowsByTable: ranges.rows,
  };
}

function interrupted(options: GenerateOptions, { jobs, name, progress }: Generated, done: string): MigrateError {
  return new MigrateError("INTERRUPTED", "stopped as asked", {
    found: `${progress.jobs} of ${jobs} jobs are written, with all that belongs to them`,
    done,
    next: [`${again(options)}   # goes on`, `ispyb-migrate seed remove ${name}   # takes them back`],
  });
}

function again({ jobs, randomSeed }: GenerateOptions): string {
  return `ispyb-migrate seed generate ${jobs} --random-seed ${randomSeed}`;
}

function sum(rows: Readonly<Record<string, number>>): number {
  return Object.values(rows).reduce((total, each) => total + each, 0);
}
