/**
 * Measures how good predictions are. `up` runs on a copy with half as many rows; what it says there is the rehearsal for the
 * database itself, whose `up` is then measured in the same way. After that a later key is predicted by the journal alone.
 * Beside FULLTEXT keys, so that tables are rebuilt and copied. On MariaDB and MySQL. Exit code 1 if a statement of a
 * quarter of a second or more takes more than three times as long as predicted, or less than a third.
 *
 *   node scripts/bench/predictions.ts [ROWS]
 */
import { connect } from "../../src/db/connect.ts";
import type { Target } from "../../src/db/db.ts";
import { installed } from "../../src/documents/caller.ts";
import { upDocument } from "../../src/documents/up.ts";
import { type UpResult, up } from "../../src/migrate/up.ts";
import { type Migration, loadMigrations } from "../../src/plan/load-migrations.ts";
import { type PlanOptions, readPlan } from "../../src/plan/read-plan.ts";
import { parseRehearsal } from "../../src/plan/rehearsal.ts";
import { checksum } from "../../src/steps/checksum.ts";
import { addIndex, key } from "../../src/steps/define.ts";
import { withMessages } from "./messages.ts";
import { bothServers } from "./servers.ts";

const ROWS = Number(process.argv[2] ?? 400_000);

/** Seconds: below, the machine decides more than the statement. */
const JUDGED = 0.25;
const FACTOR = 3;

const steps = [addIndex("AutoProcProgram", key("bench_status", "processingStatus", "autoProcProgramId"))];
/** Comes to a database that has done other keys of this table. */
const later: Migration = {
  name: "2099_01_01_later_key",
  why: "a later key",
  upstream: [],
  steps,
  checksum: checksum(steps),
};

async function run(target: Target, migrations: readonly Migration[], options: PlanOptions = {}): Promise<UpResult> {
  const never = new AbortController().signal;
  return await up({
    ...options,
    connect: (role) => connect(target, role),
    migrations,
    repair: false,
    allowLate: false,
    allowStall: true,
    confirm: async () => {},
    progress: () => {},
    signals: { stop: never, kill: never },
  });
}

interface Predicted {
  readonly seconds: number | undefined;
  readonly unknown?: string | undefined;
}

/** By statement, of those that work in proportion to rows. */
async function predicted(target: Target, migrations: readonly Migration[], options: PlanOptions = {}) {
  await using db = await connect(target);
  const plan = await readPlan(db, migrations, options);
  const all = plan.migrations.flatMap((each) => each.steps);
  return new Map(
    all.flatMap(({ forecast, statement }): [string, Predicted][] =>
      statement === undefined || forecast?.reads === undefined
        ? []
        : [[statement.sql, { seconds: forecast.seconds, unknown: forecast.unknown }]],
    ),
  );
}

/** Prints each statement, and returns those that were predicted badly, or not at all. */
function compare(title: string, before: ReadonlyMap<string, Predicted>, { statements }: UpResult): string[] {
  process.stdout.write(`  ${title}\n    predicted     took    ratio\n`);
  return statements.flatMap(({ seconds: took, sql }) => {
    const { seconds, unknown } = before.get(sql) ?? {};
    if (!before.has(sql)) return [];
    const ratio = seconds === undefined ? Number.NaN : took / seconds;
    const isBad = Math.max(took, seconds ?? 0) >= JUDGED && !(ratio <= FACTOR && ratio >= 1 / FACTOR);
    const shown = seconds === undefined ? "unknown" : `${seconds.toFixed(2)} s`;
    const columns = [shown.padStart(11), `${took.toFixed(2)} s`.padStart(8), ratio.toFixed(2).padStart(7)];
    process.stdout.write(
      `  ${columns.join(" ")}   ${sql.slice(0, 90)}${unknown === undefined ? "" : ` (${unknown})`}\n`,
    );
    return isBad ? [sql] : [];
  });
}

const migrations = await loadMigrations();
for await (const server of bothServers()) {
  process.stdout.write(`${server.description}, ${ROWS.toLocaleString("en")} programs and as many messages\n`);
  const copy = await withMessages(server, "copy", ROWS / 2);
  const itself = await withMessages(server, "itself", ROWS);
  const first = await predicted(itself, migrations);
  const unknown = [...first.values()].filter(({ seconds }) => seconds === undefined).length;
  process.stdout.write(`  without a rehearsal: ${unknown} of ${first.size} unknown\n`);

  const answer = { command: "up", ok: true, ...upDocument(await run(copy, migrations), installed) };
  const options = { rehearsal: parseRehearsal("the copy", JSON.stringify(answer)) };
  const before = await predicted(itself, migrations, options);
  const bad = compare("by a rehearsal on half of the rows", before, await run(itself, migrations, options));

  const all = [...migrations, later];
  const byJournal = await predicted(itself, all);
  bad.push(...compare("by the journal, a later key", byJournal, await run(itself, all)));
  if (bad.length > 0) process.exitCode = 1;
}
