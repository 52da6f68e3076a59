/**
 * Measures what it saves that changes of one table which rebuild it go together: `up` as it is, in comparison with every
 * step in a run of its own, where nothing joins. Beside FULLTEXT keys, with a hundred thousand programs and as many messages
 * without severity or time, and a writer on each of both tables. On MariaDB and MySQL. Exit code 1 if `up`
 * rebuilds for longer than the single steps, or its longest write is more than a quarter longer than theirs.
 *
 *   node scripts/bench/rebuilds.ts [ROWS]
 */
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "../../src/db/connect.ts";
import type { Target } from "../../src/db/db.ts";
import { up } from "../../src/migrate/up.ts";
import { type Migration, loadMigrations } from "../../src/plan/load-migrations.ts";
import { checksum } from "../../src/steps/checksum.ts";
import { withMessages } from "./messages.ts";
import { bothServers } from "./servers.ts";

const ROWS = Number(process.argv[2] ?? 100_000);

/** Where other sessions wait for longer than this, they wait for a rebuild. */
const NOTICED = 100;

/** Milliseconds between two writes. */
const PAUSE = 20;

/** A write of a row of each table, by a number. */
const writes: readonly ((turn: number) => string)[] = [
  (turn) =>
    `UPDATE AutoProcProgram SET processingEnvironment = '${turn}' WHERE autoProcProgramId = ${(turn % ROWS) + 1}`,
  (turn) =>
    `UPDATE AutoProcProgramMessage SET description = '${turn}' WHERE autoProcProgramMessageId = ${(turn % ROWS) + 1}`,
];

interface Load extends AsyncDisposable {
  /** Milliseconds of every write that took long. */
  readonly long: readonly number[];
}

async function underLoad(target: Target): Promise<Load> {
  const done = new AbortController();
  const long: number[] = [];
  const work = async (write: (turn: number) => string) => {
    await using db = await connect(target);
    // A write must be able to wait for a complete copy of the table.
    await db.run("SET SESSION lock_wait_timeout = 600, innodb_lock_wait_timeout = 600");
    for (let turn = 1; !done.signal.aborted; turn++) {
      const started = performance.now();
      await db.run(write(turn));
      const took = performance.now() - started;
      if (took > NOTICED) long.push(took);
      await sleep(PAUSE);
    }
  };
  const writers = writes.map(work);
  return {
    long,
    async [Symbol.asyncDispose]() {
      done.abort();
      await Promise.all(writers);
    },
  };
}

/** Each step of these migrations as a migration of its own. */
function single(migrations: readonly Migration[]): Migration[] {
  return migrations.flatMap(({ name, steps, ...more }) =>
    steps.map((step, at) => ({
      ...more,
      name: `${name}_${String(at + 1).padStart(2, "0")}`,
      steps: [step],
      checksum: checksum([step]),
    })),
  );
}

interface Ran {
  /** Seconds of each statement that took as long as a rebuild does, with all its attempts. */
  readonly rebuilds: readonly number[];
  /** Attempts that did not get their lock. */
  readonly lost: number;
}

async function run(target: Target, migrations: readonly Migration[], to?: string): Promise<Ran> {
  const never = new AbortController().signal;
  const seconds = new Set<number>();
  let lost = 0;
  await up({
    connect: (role) => connect(target, role),
    migrations,
    ...(to === undefined ? {} : { to }),
    repair: false,
    allowLate: false,
    // Waiting is what is measured.
    allowStall: true,
    confirm: async () => {},
    progress: (event) => {
      if (event.kind === "waiting") lost++;
      // Steps of one statement have the same time.
      if (event.kind === "done" && !event.title.startsWith("fill")) seconds.add(event.seconds);
    },
    signals: { stop: never, kill: never },
  });
  return { rebuilds: [...seconds].filter((each) => each * 1000 > NOTICED), lost };
}

async function oneByOne(target: Target, migrations: readonly Migration[]): Promise<Ran> {
  const steps = single(migrations);
  const all: Ran[] = [];
  for (const { name } of steps) all.push(await run(target, steps, name));
  return { rebuilds: all.flatMap(({ rebuilds }) => rebuilds), lost: sum(all.map(({ lost }) => lost)) };
}

interface Measured extends Ran {
  readonly longest: number;
  readonly waited: number;
}

async function measure(target: Target, change: (target: Target) => Promise<Ran>): Promise<Measured> {
  await using load = await underLoad(target);
  await sleep(1_000);
  const ran = await change(target);
  await sleep(500);
  return { longest: Math.max(0, ...load.long) / 1000, waited: sum(load.long) / 1000, ...ran };
}

function sum(all: readonly number[]): number {
  return all.reduce((total, each) => total + each, 0);
}

const seconds = (value: number) => `${value.toFixed(2)} s`.padStart(9);

function row(name: string, { longest, lost, rebuilds, waited }: Measured): string {
  return `  ${name.padEnd(22)}${seconds(longest)}   ${seconds(waited)}   ${seconds(sum(rebuilds))} in ${rebuilds.length} statements, ${lost} attempts lost\n`;
}

const migrations = await loadMigrations();
for await (const server of bothServers()) {
  const alone = await measure(await withMessages(server, "one_by_one", ROWS), (target) => oneByOne(target, migrations));
  const joined = await measure(await withMessages(server, "joined", ROWS), (target) => run(target, migrations));
  if (sum(joined.rebuilds) > sum(alone.rebuilds) || joined.longest > 1.25 * alone.longest) process.exitCode = 1;
  const ratio = (a: number, b: number) => (a / b).toFixed(2);
  process.stdout.write(
    `${server.description}, ${ROWS.toLocaleString("en")} rows in AutoProcProgram and AutoProcProgramMessage, each with a FULLTEXT key\n` +
      "                        longest write   all waits   statements of more than 0.1 s\n" +
      row("each step alone", alone) +
      row("ispyb-migrate up", joined) +
      `  ratios: ${ratio(joined.longest, alone.longest)}, ${ratio(joined.waited, alone.waited)}, ${ratio(sum(joined.rebuilds), sum(alone.rebuilds))}\n`,
  );
}
