/**
 * Measures how soon a sandbox is ready and how long a reset takes, with the packed build, on MariaDB and MySQL. Beside
 * it, in the same run: the least that any start needs, the stock client, a container, and the same statements by hand.
 * Exit code 1 if a goal is missed. ISPYB_OFFICIAL_DIR may name a checkout of ispyb/ispyb-database: then the content is
 * the real official schema as well.
 *
 *   ISPYB_OFFICIAL_DIR=… node scripts/bench/sandbox.ts [RUNS] [SERIES…]
 */
import type { Base } from "../../src/base/base.ts";
import { findProgram } from "../../src/server/find.ts";
import { installed } from "./installed.ts";
import { fineFigures, fineFiguresOf, median, print, worksInTurns } from "./measure.ts";
import { floor } from "./sandbox-floor.ts";
import { containerPackages, inContainer } from "./sandbox-container.ts";
import { loading, scriptsOf, serverInMemory } from "./sandbox-peers.ts";
import { AFTER, resets } from "./sandbox-resets.ts";
import { starter } from "./sandbox-starts.ts";

const RUNS = Number(process.argv[2] ?? 20);
/** The series of the images, so that a container is compared with the same server. */
const SERIES = process.argv.length > 3 ? process.argv.slice(3) : ["mariadb-11.8", "mysql-9"];

const checkout = process.env["ISPYB_OFFICIAL_DIR"];
const bases: readonly Base[] = ["official", ...(checkout === undefined ? [] : [checkout])];

/** With rows for a job, as tests have them. */
const STORY = "multi-sweep";

type Times = ReadonlyMap<string, readonly number[]>;

interface Goal {
  readonly what: string;
  readonly of: string;
  readonly by: string;
  /** The ratio of the medians must be at most, or at least, this. */
  readonly most?: number;
  readonly least?: number;
}

const COLD = "sandbox --detach, no template yet";
const READY = "sandbox --detach, from its template";
const FOUR = "the same, four workers";

using build = await installed(containerPackages);
for (const series of SERIES) for (const base of bases) await measure(series, base);

async function measure(series: string, base: Base): Promise<void> {
  const binary = await findProgram(series);
  if (!("file" in binary)) {
    for (const { reason } of binary) process.stdout.write(`left out: ${series}: ${reason}\n`);
    return;
  }
  const content = base === "official" ? "our base" : "the real official schema";
  const own = starter(build, `${series}-${content.replaceAll(" ", "-")}`, [STORY, "--server", series, "--base", base]);
  const lowest = floor(binary, own.data);
  await using server = await serverInMemory(binary);
  const scripts = await scriptsOf(server, base, STORY, build);
  const load = loading(server, scripts);
  const container = await inContainer(build, series, scripts);
  const hasContainer = "once" in container;
  if (!hasContainer) process.stdout.write(`left out: the container way: ${container.reason}\n`);
  const starts = [own.work(READY), own.work(FOUR, ["--workers", "4"]), lowest, load];
  const times: Times = await worksInTurns([own.cold(COLD), ...starts, ...(hasContainer ? [container] : [])], RUNS);
  const isMaria = binary.vendor === "mariadb";
  report(`${binary.description}, ${content}: ready`, times, lowest.name, "× the floor", [
    { what: "ready from a template", of: READY, by: lowest.name, most: 2 },
    { what: "four workers", of: FOUR, by: lowest.name, most: 4 },
    ...(hasContainer ? [{ what: "a container", of: container.name, by: READY, least: isMaria ? 10 : 4 }] : []),
    ...(isMaria ? [{ what: "the stock client", of: load.name, by: READY, least: 4 }] : []),
  ]);

  await using sandbox = own.start([]);
  report(
    `${binary.description}, ${content}: reset`,
    await worksInTurns(await resets(sandbox), RUNS),
    AFTER.byHand,
    "× by hand",
    [
      { what: "reset of ten tables", of: AFTER.ten, by: AFTER.byHand, most: 1.3 },
      { what: "reset after nothing", of: AFTER.nothing, by: AFTER.byHand, most: 0.2 },
    ],
  );
}

function report(title: string, times: Times, by: string, ratioName: string, goals: readonly Goal[]): void {
  const unit = middle(times, by);
  const rows = [...times].map(([name, measured]) => [
    name,
    ...fineFiguresOf(measured),
    (median(measured) / unit).toFixed(2),
  ]);
  print(`${title}; Node ${process.version}, ${RUNS} runs of each`, [["", ...fineFigures, ratioName], ...rows]);
  for (const { by: other, least, most, of, what } of goals) {
    const ratio = middle(times, of) / middle(times, other);
    const isMet = ratio <= (most ?? Infinity) && ratio >= (least ?? 0);
    const goal = most === undefined ? `at least ${least}` : `at most ${most}`;
    process.stdout.write(`  ${isMet ? "met" : "MISSED"}: ${what} is ${ratio.toFixed(2)} × ${other} (goal: ${goal})\n`);
    if (!isMet) process.exitCode = 1;
  }
  process.stdout.write("\n");
}

function middle(times: Times, name: string): number {
  return median(times.get(name) ?? []);
}
