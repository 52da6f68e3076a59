/**
 * Measures how the duration of `plan` and `verify` grows with the number of tables, with the packed build on MariaDB
 * and MySQL. ISPYB_OFFICIAL_DIR may name a checkout of ispyb/ispyb-database: then the schema is the real official one,
 * otherwise our small base. Tables as of a facility fill it up.
 *
 *   ISPYB_OFFICIAL_DIR=… node scripts/bench/tables.ts [RUNS]
 */
import { join } from "node:path";
import { connect } from "../../src/db/connect.ts";
import type { Db, Target } from "../../src/db/db.ts";
import { loadBase } from "../../src/base/load-base.ts";
import type { RunningServer } from "../../src/server/provider.ts";
import { installed } from "./installed.ts";
import { figures, figuresOf, inTurns, median, once, print } from "./measure.ts";
import { bothServers, newDatabase } from "./servers.ts";

const RUNS = Number(process.argv[2] ?? 15);
const SIZES = [50, 253, 1000];
/** The size of the official schema: only this size has goals. */
const OFFICIAL = 253;
const goals: Readonly<Record<string, string>> = { plan: "1 s", verify: "2 s" };

const checkout = process.env["ISPYB_OFFICIAL_DIR"];

using build = await installed();
for await (const server of bothServers()) {
  const targets = new Map<number, Target>();
  for (const size of SIZES) targets.set(size, await prepare(server, size));
  const rows = [...measure("plan", targets)];
  for (const target of targets.values()) once(build.command(target, "up", "--yes"));
  rows.push(...measure("verify", targets));
  print(`${server.description}, ${checkout === undefined ? "our base" : "the official schema"}; ${RUNS} runs of each`, [
    ["command", "tables", ...figures, "× the smallest", "goal"],
    ...rows,
  ]);
}

/** One row of figures for each size, with the growth from the smallest. */
function* measure(command: string, targets: ReadonlyMap<number, Target>): Generator<string[]> {
  const sizes = [...targets].map(([size, target]) => ({ size, subject: build.command(target, command) }));
  const measured = inTurns(
    sizes.map(({ subject }) => subject),
    RUNS,
  );
  const timesOf = sizes.map(({ size, subject }) => ({ size, times: measured.get(subject) ?? [] }));
  const smallest = median(timesOf[0]?.times ?? []);
  for (const { size, times } of timesOf) {
    const growth = (median(times) / smallest).toFixed(2);
    const goal = size === OFFICIAL ? (goals[command] ?? "") : "";
    yield [command, String(size), ...figuresOf(times), growth, goal];
  }
}

async function prepare(server: RunningServer, size: number): Promise<Target> {
  const target = await newDatabase(server, `tables_${size}`);
  await using db = await connect(target);
  // The official schema has more tables than the smallest size.
  if (checkout !== undefined && size >= OFFICIAL)
    await loadBase(
      db,
      ["1_tables.sql", "2_lookups.sql"].map((name) => join(checkout, "schema", name)),
    );
  else await loadBase(db, "official");
  await fillUp(db, size);
  return target;
}

/** Adds tables, each with a foreign key to ISPyB, until there are `size` tables and views. */
async function fillUp(db: Db, size: number): Promise<void> {
  const [row] = await db.rows<{ n: number }>(
    "SELECT COUNT(*) AS n FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()",
  );
  for (let at = Number(row?.n); at < size; at++) {
    await db.run(
      `CREATE TABLE Facility${at} (facility${at}Id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, ` +
        "dataCollectionId int unsigned, name varchar(80), value double, comments varchar(255), " +
        "recordTimeStamp timestamp NULL DEFAULT CURRENT_TIMESTAMP, KEY (name), " +
        "FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId)) ENGINE=InnoDB",
    );
  }
}
