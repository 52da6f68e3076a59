/**
 * Measures how soon a sandbox is ready and how long a reset takes, with the packed build, on MariaDB and MySQL. Beside
 * it, in the same run: the least that any start needs, the stock client, a container, and the same statements by hand.
 * Exit code 1 if a goal is missed. ISPYB_OFFICIAL_DIR may name a checkout of ispyb/ispyb-database: then the content is
 * the real official schema as well.
 *
 *   ISPYB_OFFICIAL_DIR=… node scripts/bench/sandbox.ts [RUNS] [cold] [starts] [resets] [SERIES…]
 *
 * Without `cold`, `starts` or `resets` all three are measured. A start without a template takes longest, and no goal
 * depends on it.
 */
import type { Base } from "../../src/base/base.ts";
import type { ServerBinary } from "../../src/server/binary.ts";
import { findProgram } from "../../src/server/find.ts";
import { installed } from "./installed.ts";
import { fineFigures, fineFiguresOf, median, print, worksInTurns } from "./measure.ts";
import { floor } from "./sandbox-floor.ts";
import { containerPackages, inContainer } from "./sandbox-container.ts";
import { loading, scriptsOf, serverInMemory } from "./sandbox-peers.ts";
import { AFTER, resets } from "./sandbox-resets.ts";
import { type Starter, starter } from "./sandbox-starts.ts";

const words = process.argv.slice(2);
const RUNS = Number(words.find((word) => /^\d+$/.test(word)) ?? 20);

const parts: ReadonlySet<string> = new Set(["cold", "starts", "resets"]);
const asked = words.filter((word) => parts.has(word));
const isAsked = (part: "cold" | "starts" | "resets") => asked.length === 0 || asked.includes(part);

/** The series of the images, so that a container is compared with the same server. */
const named = words.filter((word) => word.includes("-"));
const SERIES = named.length > 0 ? named : ["mariadb-11.8", "mysql-9"];

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
  const title = `${binary.description}, ${content}`;
  if (isAsked("cold") || isAsked("starts")) await measureStarts(title, binary, series, base, own);
  if (isAsked("resets")) await measureResets(title, own);
}

async function measureStarts(
  title: string,
  binary: ServerBinary,
  series: string,
  base: Base,
  own: Starter,
): Promise<void> {
  const cold = isAsked("cold") ? [own.cold(COLD)] : [];
  const lowest = floor(binary, own.data);
  if (!isAsked("starts"))
    return report(title, await worksInTurns([...cold, lowest], RUNS), lowest.name, "× the floor", []);
  await using server = await serverInMemory(binary);
  const scripts = await scriptsOf(server, base, STORY, build);
  const load = loading(server, scripts);
  const found = await inContainer(build, series, scripts);
  if ("reason" in found) process.stdout.write(`left out: the container way: ${found.reason}\n`);
  const containers = "once" in found ? [found] : [];
  const starts = [own.work(READY), own.work(FOUR, ["--workers", "4"]), lowest, load];
  const isMaria = binary.vendor === "mariadb";
  report(`${title}: ready`, await worksInTurns([...cold, ...starts, ...containers], RUNS), lowest.name, "× the floor", [
    { what: "ready from a template", of: READY, by: lowest.name, most: 2 },
    { what: "four workers", of: FOUR, by: lowest.name, most: 4 },
    ...containers.map(({ name }) => ({ what: "a container", of: name, by: READY, least: isMaria ? 10 : 4 })),
    ...(isMaria ? [{ what: "the stock client", of: load.name, by: READY, least: 4 }] : []),
  ]);
}

async function measureResets(title: string, own: Starter): Promise<void> {
  await using sandbox = own.start([]);
  report(`${title}: reset`, await worksInTurns(await resets(sandbox), RUNS), AFTER.byHand, "× by hand", [
    { what: "reset of ten tables", of: AFTER.ten, by: AFTER.byHand, most: 1.3 },
    { what: "reset after nothing", of: AFTER.nothing, by: AFTER.byHand, most: 0.2 },
  ]);
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
