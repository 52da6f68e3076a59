import { spawnSync } from "node:child_process";
import { columns } from "../../src/cli/views/columns.ts";

/** One command line to measure. */
export interface Subject {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The expected exit code, so that no failure is measured. */
  readonly exit?: number;
}

interface Answered {
  /** Milliseconds. */
  readonly took: number;
  readonly stdout: string;
}

/** Work of several parts, of which only one is measured. */
export interface Work {
  readonly name: string;
  /** Does all of it, and gives the milliseconds of the measured part. */
  readonly once: () => Promise<number>;
}

const WARM_UP = 3;

/** Milliseconds of each run, by subject. Subjects run in turns, so that a slow moment of the machine affects all. */
export function inTurns(subjects: readonly Subject[], runs: number): Map<Subject, number[]> {
  const times = new Map(subjects.map((subject) => [subject, [] as number[]]));
  for (let turn = -WARM_UP; turn < runs; turn++) {
    for (const [subject, measured] of times) {
      const took = once(subject);
      if (turn >= 0) measured.push(took);
    }
  }
  return times;
}

/** Milliseconds of each run, by the name of the work; works take turns, too. */
export async function worksInTurns(works: readonly Work[], runs: number): Promise<ReadonlyMap<string, number[]>> {
  const times = new Map(works.map(({ name }) => [name, [] as number[]]));
  for (let turn = -1; turn < runs; turn++) {
    for (const { name, once: work } of works) {
      const took = await work();
      if (turn >= 0) times.get(name)?.push(took);
    }
  }
  return times;
}

/** Milliseconds of one run. */
export function once(subject: Subject): number {
  return answered(subject).took;
}

/** Runs it once, for what it prints as well. */
export function answered({ name, file, args, env = {}, cwd, exit = 0 }: Subject): Answered {
  const started = performance.now();
  const ended = spawnSync(file, args, {
    // Without option files and without colours.
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", ...env },
    ...(cwd === undefined ? {} : { cwd }),
    encoding: "utf8",
  });
  const took = performance.now() - started;
  if (ended.status === exit) return { took, stdout: ended.stdout };
  throw new Error(
    `${name} ended with exit code ${ended.status ?? ended.error?.message}:\n${ended.stdout}${ended.stderr}`,
  );
}

/** The quantile: this share of all runs is below it. */
function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
}

export const median = (times: readonly number[]): number => quantile(times, 0.5);

const milliseconds = (time: number): string => `${time.toFixed(0)} ms`;

/** The columns with the times of a subject. */
export const figures = ["median", "nine of ten", "fastest"] as const;

export function figuresOf(times: readonly number[]): string[] {
  const nineOfTen = `${quantile(times, 0.05).toFixed(0)}–${quantile(times, 0.95).toFixed(0)}`;
  return [milliseconds(median(times)), nineOfTen, milliseconds(Math.min(...times))];
}

/** Median and 95th percentile, where milliseconds alone would be too coarse. */
export const fineFigures = ["median", "p95", "fastest"] as const;

export function fineFiguresOf(times: readonly number[]): string[] {
  return [median(times), quantile(times, 0.95), Math.min(...times)].map((time) => `${time.toFixed(1)} ms`);
}

export function print(title: string, rows: readonly (readonly string[])[]): void {
  process.stdout.write(
    `${title}\n${columns(rows)
      .map((line) => `  ${line}\n`)
      .join("")}\n`,
  );
}
