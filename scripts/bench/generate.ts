/**
 * Measures rows per second of `seed generate` in comparison with the same rows from files with LOAD DATA, from a file
 * of INSERTs with a thousand rows each, and by single calls of the procedures. They run in turns, each on a fresh
 * database, with and without local_infile, on MariaDB and MySQL. Then measures the peak memory for ten times as many
 * jobs. Exit code 1 if a goal is missed.
 *
 *   node scripts/bench/generate.ts [JOBS]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../src/db/connect.ts";
import type { Target } from "../../src/db/db.ts";
import { loadMigrations } from "../../src/plan/load-migrations.ts";
import { generate } from "../../src/seed/generate/generate.ts";
import { nextIds } from "../../src/seed/generate/reserve-ids.ts";
import type { RunningServer } from "../../src/server/provider.ts";
import { peakMemory } from "./generate-memory.ts";
import { type Files, byFiles, byInserts, byProcedures, assertComplete, writeFiles } from "./generate-peers.ts";
import { installed } from "./installed.ts";
import { median, print } from "./measure.ts";
import { bothServers, migratedDatabase } from "./servers.ts";

const JOBS = Number(process.argv[2] ?? 100_000);
const TURNS = 3;
const RANDOM_SEED = 7;
const never = new AbortController().signal;

async function ours(target: Target): Promise<number> {
  const { rows } = await generate({
    connect: (role) => connect(target, role),
    migrations: await loadMigrations(),
    jobs: JOBS,
    randomSeed: RANDOM_SEED,
    at: "2026-01-31 12:00:00",
    signals: { stop: never, kill: never },
    confirm: async () => {},
    progress: () => {},
  });
  return rows;
}

/** Runs `use` on a fresh database. */
async function onFresh<T>(server: RunningServer, use: (target: Target) => Promise<T>): Promise<T> {
  const target = await migratedDatabase(server, "generate_bench");
  try {
    return await use(target);
  } finally {
    await using db = await connect(target);
    await db.run("DROP DATABASE generate_bench");
  }
}

/** Rows per second; `check` verifies the result. */
function paceOf(
  server: RunningServer,
  write: (target: Target) => Promise<number>,
  check: (target: Target) => Promise<void> = async () => {},
): Promise<number> {
  return onFresh(server, async (target) => {
    const started = performance.now();
    const rows = await write(target);
    const seconds = (performance.now() - started) / 1000;
    await check(target);
    return rows / seconds;
  });
}

/** The rows of our own run, as files. */
function filesOf(server: RunningServer, folder: string): Promise<Files> {
  return onFresh(server, async (target) => {
    await using db = await connect(target);
    const next = await nextIds(db);
    await ours(target);
    return writeFiles(target, folder, Object.fromEntries(Object.entries(next).map(([table, id]) => [table, id - 1])));
  });
}

async function allow(server: RunningServer, local: 0 | 1): Promise<void> {
  const { host, password, port, user } = server;
  await using db = await connect({ host, port, user, password, database: "mysql", tls: { mode: "preferred" } });
  await db.run(`SET GLOBAL local_infile = ${local}`);
}

using build = await installed();
const folder = mkdtempSync(join(tmpdir(), "ispyb-migrate-bench-"));
try {
  for await (const server of bothServers()) {
    const files = await filesOf(server, folder);
    const complete = (target: Target) => assertComplete(target, files);
    const procedures = await paceOf(server, (target) => byProcedures(target));
    for (const [local, peer, byHand] of [
      [1, "LOAD DATA from files", byFiles],
      [0, "INSERTs with a thousand rows, from a file", byInserts],
    ] as const) {
      await allow(server, local);
      const paces = { ours: [] as number[], peer: [] as number[] };
      for (let turn = 0; turn < TURNS; turn++) {
        paces.ours.push(await paceOf(server, ours, complete));
        paces.peer.push(await paceOf(server, (target) => byHand(target, files), complete));
      }
      const [own, other] = [median(paces.ours), median(paces.peer)];
      if (own < 0.8 * other || own < 40 * procedures) process.exitCode = 1;
      const line = (name: string, pace: number, goal: string) => [
        name,
        Math.round(pace).toLocaleString("en"),
        (own / pace).toFixed(pace === procedures ? 0 : 2),
        goal,
      ];
      print(
        `${server.description}, local_infile = ${local}; ${JOBS} jobs, ${files.rows} rows; median of ${TURNS} turns`,
        [
          ["method", "rows per second", "seed generate is × as fast", "goal"],
          line("seed generate", own, ""),
          line(peer, other, "0.8"),
          line("a procedure call for each row", procedures, "40"),
        ],
      );
      const peakOf = (jobs: number) =>
        onFresh(server, async (target) => peakMemory(build.command(target, "seed", "generate", String(jobs), "--yes")));
      const [few, many] = [await peakOf(JOBS), await peakOf(10 * JOBS)];
      if (many > 1.3 * few) process.exitCode = 1;
      print(`${server.description}, local_infile = ${local}; peak memory of the packed program`, [
        ["jobs", "MB", "×", "goal"],
        [String(JOBS), few.toFixed(0), "", ""],
        [String(10 * JOBS), many.toFixed(0), (many / few).toFixed(2), "1.3"],
      ]);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
