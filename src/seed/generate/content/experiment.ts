/**
 * Simulates the beamline, one sample after the other: its data collections, and the jobs on them with their programs.
 * This alone decides the number of rows; their values come later.
 */
import type { Random } from "./random.ts";
import { type Recipe, downstream, microscopy, overAll, reductions, reprocessing } from "./recipes.ts";

export interface Experiment {
  readonly technique: "OSC" | "SAD" | "EM";
  /** Images of each data collection. */
  readonly collections: readonly number[];
  readonly jobs: readonly GeneratedJob[];
}

export interface GeneratedJob {
  readonly recipe: Recipe;
  /** Its data collections, counted from 0; the first is the primary one. */
  readonly on: readonly number[];
  readonly sweeps: readonly GeneratedSweep[];
  /** Keys of its parameters, in order. */
  readonly keys: readonly string[];
  readonly runs: readonly ProcessingRun[];
  /** The job that produced its input, counted from 0. */
  readonly after?: number;
}

/** Images of a data collection, counted from 1, both ends included. */
export interface GeneratedSweep {
  readonly collection: number;
  readonly first: number;
  readonly last: number;
}

/** A program that runs the job. A queued job may have none. */
export interface ProcessingRun {
  readonly status: "SUCCESS" | "FAILED" | "RUNNING" | "QUEUED";
  readonly messages: number;
  readonly files: number;
}

/** Number of images with weights: fine-sliced sweeps, short ones, and stopped ones. */
const sweepImages = [
  [50, 3600],
  [20, 1800],
  [15, 900],
  [5, 1100],
  [5, 431],
] as const;

/** Short wedges: small crystals do not survive the beam longer. */
const wedgeImages = [
  [60, 100],
  [30, 300],
  [10, 900],
] as const;

/** A single data collection is sometimes finer. */
const singleImages = [...sweepImages, [10, 7200]] as const;

/** Data collections of a sample. */
const collectionNumbers = [
  [62, 1],
  [20, 2],
  [8, 3],
  [8, 4],
  [2, 8],
] as const;

/** `isRecent`: some of its programs may not have ended yet. */
export function nextExperiment(random: Random, isRecent: boolean): Experiment {
  if (random.isLucky(0.03)) return microscope(random, isRecent);
  const technique = random.isLucky(0.15) ? "SAD" : "OSC";
  const collections = collectionsOf(random);
  const jobs: GeneratedJob[] = [];
  const add = (recipe: Recipe, on: readonly number[], after?: number) => {
    jobs.push(newJob(random, recipe, { on, collections, isRecent, ...(after === undefined ? {} : { after }) }));
    return jobs.length - 1;
  };
  for (const collection of collections.keys()) {
    let scaled: number | undefined;
    for (const [share, recipe] of reductions) {
      if (!random.isLucky(share)) continue;
      const job = add(recipe, [collection]);
      if (isDone(jobs[job])) scaled = job;
    }
    if (scaled !== undefined) {
      for (const [share, recipe] of downstream) if (random.isLucky(share)) add(recipe, [collection], scaled);
    }
    if (random.isLucky(0.12)) add(random.pickWeighted(reprocessing), [collection]);
  }
  if (collections.length > 1) {
    const all = [...collections.keys()];
    for (const [share, recipe] of overAll) if (random.isLucky(share)) add(recipe, all);
    if (random.isLucky(0.1)) add(random.pickWeighted(reprocessing.slice(0, 2)), all);
  }
  return { technique, collections, jobs };
}

// --- internal ---

function collectionsOf(random: Random): number[] {
  const number = random.pickWeighted(collectionNumbers);
  const images = number === 1 ? singleImages : number <= 4 ? sweepImages : wedgeImages;
  return Array.from({ length: number }, () => random.pickWeighted(images));
}

function microscope(random: Random, isRecent: boolean): Experiment {
  const collections = [random.whole(30, 300)];
  const job = newJob(random, random.pickWeighted(microscopy), { on: [0], collections, isRecent });
  return { technique: "EM", collections, jobs: [job] };
}

function isDone(job: GeneratedJob | undefined): boolean {
  return job?.runs.at(-1)?.status === "SUCCESS";
}

interface Given {
  readonly on: readonly number[];
  readonly collections: readonly number[];
  readonly isRecent: boolean;
  readonly after?: number;
}

function newJob(random: Random, recipe: Recipe, { after, collections, isRecent, on }: Given): GeneratedJob {
  const some = Object.entries(recipe.sometimes ?? {}).flatMap(([key, share]) => (random.isLucky(share) ? [key] : []));
  const data = recipe.dataOfEach === true ? on.map(() => "data") : [];
  return {
    recipe,
    on,
    sweeps: on.flatMap((collection) => sweepsOf(random, recipe, collection, collections[collection] ?? 1)),
    keys: [...recipe.keys, ...data, ...some],
    runs: runsOf(random, recipe, isRecent),
    ...(after === undefined ? {} : { after }),
  };
}

function sweepsOf(random: Random, { sweeps }: Recipe, collection: number, images: number): GeneratedSweep[] {
  if (sweeps === "none") return [];
  const whole = { collection, first: 1, last: images };
  if (sweeps === "whole" || random.isLucky(0.4)) return [whole];
  // The crystal died, or the loop shadowed the beam.
  const last = random.whole(Math.ceil(images / 3), images);
  if (random.isLucky(0.75)) return [{ ...whole, last }];
  const middle = random.whole(1, last);
  return middle === last
    ? [{ ...whole, last }]
    : [
        { ...whole, last: middle },
        { collection, first: random.whole(middle + 1, last), last },
      ];
}

const ended = [
  [88, "SUCCESS"],
  [12, "FAILED"],
] as const;

const notYetEnded = [...ended, [6, "RUNNING"], [4, "QUEUED"], [2, "NONE"]] as const;

function runsOf(random: Random, recipe: Recipe, isRecent: boolean): ProcessingRun[] {
  const fate = random.pickWeighted(isRecent ? notYetEnded : ended);
  if (fate === "NONE") return [];
  const first = newRun(random, recipe, fate);
  // A failed program is run again.
  return fate === "FAILED" && random.isLucky(0.3)
    ? [first, newRun(random, recipe, random.isLucky(0.5) ? "SUCCESS" : "FAILED")]
    : [first];
}

function newRun(random: Random, { files }: Recipe, status: ProcessingRun["status"]): ProcessingRun {
  const messages = { SUCCESS: random.isLucky(0.1) ? 1 : 0, FAILED: random.whole(1, 3), RUNNING: 0, QUEUED: 0 };
  const written = { SUCCESS: files.length, FAILED: 1, RUNNING: 0, QUEUED: 0 };
  return { status, messages: messages[status], files: written[status] };
}
