/**
 * What happens at the beamline, one sample after the other: its data collections, and the jobs on them
 * with their programs. This is all that decides how many rows there are; what they say comes later.
 */
import type { Random } from "./random.ts";
import { type Recipe, downstream, microscopy, overAll, reductions, reprocessing } from "./recipes.ts";

export interface Experiment {
  readonly technique: "OSC" | "SAD" | "EM";
  /** Images of each data collection. */
  readonly collections: readonly number[];
  readonly jobs: readonly Job[];
}

export interface Job {
  readonly recipe: Recipe;
  /** The data collections that it is about, counted from 0; the first is that of the job itself. */
  readonly on: readonly number[];
  readonly sweeps: readonly Sweep[];
  /** Keys of its parameters, in order. */
  readonly keys: readonly string[];
  readonly runs: readonly Run[];
  /** The job from whose results it goes on, counted from 0. */
  readonly after?: number;
}

/** Images of a data collection, counted from 1, both ends included. */
export interface Sweep {
  readonly collection: number;
  readonly first: number;
  readonly last: number;
}

/** A program that was told to do it. A job that nobody has taken up yet has none. */
export interface Run {
  readonly status: "SUCCESS" | "FAILED" | "RUNNING" | "QUEUED";
  readonly messages: number;
  readonly files: number;
}

/** Images of a data collection and how often that is so: fine-sliced sweeps, wedges, and what was stopped. */
const imageNumbers = [
  [45, 3600],
  [15, 1800],
  [10, 7200],
  [10, 900],
  [10, 100],
  [5, 1100],
  [5, 431],
] as const;

/** Data collections of a sample. */
const collectionNumbers = [
  [62, 1],
  [20, 2],
  [8, 3],
  [8, 4],
  [2, 8],
] as const;

export function nextExperiment(random: Random): Experiment {
  if (random.isLucky(0.03)) return microscope(random);
  const technique = random.isLucky(0.15) ? "SAD" : "OSC";
  const collections = Array.from({ length: random.pickWeighted(collectionNumbers) }, () =>
    random.pickWeighted(imageNumbers),
  );
  const jobs: Job[] = [];
  const add = (recipe: Recipe, on: readonly number[], after?: number) => {
    jobs.push(newJob(random, recipe, on, collections, after));
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

function microscope(random: Random): Experiment {
  const collections = [random.whole(30, 300)];
  const job = newJob(random, random.pickWeighted(microscopy), [0], collections);
  return { technique: "EM", collections, jobs: [job] };
}

function isDone(job: Job | undefined): boolean {
  return job?.runs.at(-1)?.status === "SUCCESS";
}

function newJob(
  random: Random,
  recipe: Recipe,
  on: readonly number[],
  collections: readonly number[],
  after?: number,
): Job {
  const some = Object.entries(recipe.sometimes ?? {}).flatMap(([key, share]) => (random.isLucky(share) ? [key] : []));
  const data = recipe.pipeline === MULTIPLEX ? on.map(() => "data") : [];
  return {
    recipe,
    on,
    sweeps: on.flatMap((collection) => sweepsOf(random, recipe, collection, collections[collection] ?? 1)),
    keys: [...recipe.keys, ...data, ...some],
    runs: runsOf(random, recipe),
    ...(after === undefined ? {} : { after }),
  };
}

const MULTIPLEX = 5;

function sweepsOf(random: Random, { sweeps }: Recipe, collection: number, images: number): Sweep[] {
  if (sweeps === "none") return [];
  const whole = { collection, first: 1, last: images };
  if (sweeps === "whole" || random.isLucky(0.4)) return [whole];
  // The crystal died, or was hit by its own shadow.
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

const fates = [
  [86, "SUCCESS"],
  [11, "FAILED"],
  [1.5, "RUNNING"],
  [1, "QUEUED"],
  [0.5, "NONE"],
] as const;

function runsOf(random: Random, recipe: Recipe): Run[] {
  const fate = random.pickWeighted(fates);
  if (fate === "NONE") return [];
  const first = newRun(random, recipe, fate);
  // What failed is tried again.
  return fate === "FAILED" && random.isLucky(0.3)
    ? [first, newRun(random, recipe, random.isLucky(0.5) ? "SUCCESS" : "FAILED")]
    : [first];
}

function newRun(random: Random, { files }: Recipe, status: Run["status"]): Run {
  const messages = { SUCCESS: random.isLucky(0.1) ? 1 : 0, FAILED: random.whole(1, 3), RUNNING: 0, QUEUED: 0 };
  const written = { SUCCESS: files.length, FAILED: 1, RUNNING: 0, QUEUED: 0 };
  return { status, messages: messages[status], files: written[status] };
}
