/** What the rows of a sample and of its jobs say. Ids and chance go on from where the sample before left them. */
import { Clock } from "./clock.ts";
import type { Experiment, Job, Run, Sweep } from "./experiment.ts";
import type { Random } from "./random.ts";
import type { PerTable, TableName } from "./tables.ts";
import { BEAMLINE, SAMPLES_PER_VISIT, SECONDS_PER_SAMPLE, proteins } from "./visits.ts";
import { type Upstream, valueOf } from "./words.ts";

export type Cell = string | number | null;

/** The cells in the order of src/seed/generate/tables.ts; the first is the row's id. */
export type Sink = (table: TableName, ...cells: Cell[]) => void;

export interface RunFacts {
  readonly randomSeed: number;
  /** Samples in all. */
  readonly samples: number;
  /** The moment that nothing is later than, in seconds. */
  readonly at: number;
  /** The first id of each table. */
  readonly first: PerTable;
}

/** Seconds between two samples' ends are the beamline's; within them a data collection takes this long. */
const EXPOSURE = 0.02;

export class Rows {
  readonly #facts: RunFacts;
  readonly #random: Random;
  readonly #next: PerTable;
  readonly #put: Sink;
  readonly #clock = new Clock();

  /** `next` is moved on with every row. */
  constructor(facts: RunFacts, random: Random, next: PerTable, put: Sink) {
    this.#facts = facts;
    this.#random = random;
    this.#next = next;
    this.#put = put;
  }

  /** What all samples stand upon. */
  ground(): void {
    const { randomSeed, samples } = this.#facts;
    const made = this.#time(this.#measured(0) - 86_400);
    const person = this.#id("Person");
    this.#put("Person", person, "Generated", `Jobs ${randomSeed}`, `generated-${randomSeed}`, made);
    const proposal = this.#id("Proposal");
    const title = `Generated jobs of random seed ${randomSeed}, on ${samples} samples`;
    this.#put("Proposal", proposal, person, "nt", `generated-${randomSeed}`, "MX", title, "Open", made);
    for (const { acronym, name, spaceGroup } of proteins) {
      const protein = this.#id("Protein");
      this.#put("Protein", protein, proposal, name, acronym, made);
      this.#put("Crystal", this.#id("Crystal"), protein, `${acronym} crystals`, spaceGroup, made);
    }
  }

  /** `number` counts samples from 0. */
  sample(number: number, { collections, jobs, technique }: Experiment): void {
    if (number % SAMPLES_PER_VISIT === 0) this.#visit(number / SAMPLES_PER_VISIT);
    const random = this.#random;
    const kind = random.whole(0, proteins.length - 1);
    const { acronym } = proteins[kind] ?? proteins[0];
    const name = `${acronym.toLowerCase()}-${number + 1}`;
    const start = this.#measured(number);
    const crystal = this.#facts.first.Crystal + kind;
    const sample = this.#id("BLSample");
    const location = (number % 16) + 1;
    this.#put("BLSample", sample, crystal, name, location, "processing", this.#time(start - 3600));
    const session = this.#next.BLSession - 1;
    const group = this.#id("DataCollectionGroup");
    const took = collections.map((images) => Math.ceil(images * EXPOSURE));
    const end = start + took.reduce((sum, each) => sum + each + 1, 0);
    this.#put("DataCollectionGroup", group, session, sample, technique, this.#time(start), this.#time(end));
    const folder = `/data/${BEAMLINE}/generated-${this.#facts.randomSeed}/visit-${Math.floor(number / SAMPLES_PER_VISIT) + 1}/${name}`;
    const first = this.#next.DataCollection;
    let begun = start;
    for (const [at, images] of collections.entries()) {
      const prefix = `${name}_${at + 1}`;
      const range = technique === "EM" ? 3 : random.pick([0.1, 0.1, 0.2]);
      this.#put(
        "DataCollection",
        this.#id("DataCollection"),
        group,
        session,
        sample,
        at + 1,
        this.#time(begun),
        this.#time(begun + (took[at] ?? 0)),
        "DataCollection Successful",
        1,
        images,
        0,
        tenths(images * range),
        range,
        EXPOSURE,
        technique === "EM" ? null : technique === "SAD" ? 0.9795 : 0.9763,
        technique === "EM" ? null : tenths(random.whole(11, 32) / 10),
        `${folder}/`,
        prefix,
        technique === "EM" ? "mrc" : "h5",
        technique === "EM" ? `${prefix}.mrc` : `${prefix}_master.h5`,
      );
      begun += (took[at] ?? 0) + 1;
    }
    const written: Upstream[] = [];
    for (const job of jobs) written.push(this.#job(job, { first, end, kind, folder, name, sample }, written));
  }

  // --- internal ---

  #id(table: TableName): number {
    return this.#next[table]++;
  }

  #visit(visit: number): void {
    const from = this.#measured(visit * SAMPLES_PER_VISIT) - 1800;
    const to = this.#time(from + SAMPLES_PER_VISIT * SECONDS_PER_SAMPLE);
    const start = this.#time(from);
    const proposal = this.#facts.first.Proposal;
    this.#put("BLSession", this.#id("BLSession"), proposal, visit + 1, BEAMLINE, start, to, to, start);
  }

  #job(job: Job, sample: Sample, before: readonly Upstream[]): Upstream {
    const random = this.#random;
    const { keys, on, recipe, runs, sweeps } = job;
    const after = job.after === undefined ? undefined : before[job.after];
    const asked =
      after?.ended === undefined
        ? sample.end + (recipe.automatic === 0 ? random.skewed(600, 21_600) : random.skewed(5, 120))
        : after.ended + random.whole(2, 30);
    const id = this.#id("ProcessingJob");
    const first = sample.first + (on[0] ?? 0);
    const comments = recipe.automatic === 0 && random.isLucky(0.1) ? "with other settings" : null;
    this.#put(
      "ProcessingJob",
      id,
      first,
      recipe.displayName,
      comments,
      this.#time(asked),
      recipe.recipe,
      recipe.automatic,
    );
    const facts = { ...sample, random, on, ...(after === undefined ? {} : { after }) };
    const seen = new Map<string, number>();
    for (const key of keys) {
      const again = seen.get(key) ?? 0;
      seen.set(key, again + 1);
      this.#put("ProcessingJobParameter", this.#id("ProcessingJobParameter"), id, key, valueOf(key, again, facts));
    }
    for (const { collection, first: from, last } of sweeps) {
      const sweep = this.#id("ProcessingJobImageSweep");
      this.#put("ProcessingJobImageSweep", sweep, id, sample.first + collection, from, last);
    }
    let result: Upstream = { folder: sample.folder, file: sample.name };
    let ready = asked;
    for (const run of runs) {
      result = this.#run(run, job, { id, dataCollection: first, ready, sample, after });
      ready = result.ended ?? ready;
    }
    return result;
  }

  #run(run: Run, { recipe, sweeps }: Job, { after, dataCollection, id, ready, sample }: Told): Upstream {
    const random = this.#random;
    const { status } = run;
    const hasBegun = status !== "QUEUED";
    const hasEnded = status === "SUCCESS" || status === "FAILED";
    const started = ready + random.skewed(2, 600);
    const [least, most] = recipe.minutes;
    const ended =
      started + Math.ceil(random.skewed(least * 60, most * 60) * (status === "FAILED" ? random.fraction() : 1));
    const program = this.#id("AutoProcProgram");
    const folder = `${sample.folder}/processed/${recipe.program.replaceAll(" ", "-")}-${program}`;
    this.#put(
      "AutoProcProgram",
      program,
      id,
      dataCollection,
      recipe.pipeline ?? null,
      after?.program ?? null,
      recipe.program,
      `${recipe.program} ${sample.folder}/${sample.name}`,
      status === "QUEUED" ? null : status,
      messageOf(status),
      hasBegun ? this.#time(started) : null,
      hasEnded ? this.#time(ended) : null,
      hasBegun ? `cluster=generated, nodes=${random.pick([1, 1, 1, 2, 4])}` : null,
      this.#time(ready),
    );
    const files = status === "FAILED" ? ([["Log", "processing.log"]] as const) : recipe.files;
    for (const [rank, [type, name]] of files.slice(0, run.files).entries()) {
      const attachment = this.#id("AutoProcProgramAttachment");
      this.#put("AutoProcProgramAttachment", attachment, program, type, name, folder, rank + 1, this.#time(ended));
    }
    for (let at = 0; at < run.messages; at++) this.#message(program, status, at === run.messages - 1, ended);
    const scaling =
      status === "SUCCESS" && recipe.reduces === true ? this.#results(program, sweeps, sample, ended) : undefined;
    return {
      folder,
      file: recipe.files[0]?.[1] ?? sample.name,
      program,
      ...(hasEnded ? { ended } : {}),
      ...(scaling === undefined ? {} : { scaling }),
    };
  }

  #message(program: number, status: Run["status"], isLast: boolean, ended: number): void {
    const message = status === "SUCCESS" ? informations : isLast ? errors : warnings;
    const severity = status === "SUCCESS" ? "INFO" : isLast ? "ERROR" : "WARNING";
    const [what, description] = this.#random.pick(message);
    const id = this.#id("AutoProcProgramMessage");
    this.#put("AutoProcProgramMessage", id, program, severity, what, description, this.#time(ended));
  }

  /** The id of the scaling. */
  #results(program: number, sweeps: readonly Sweep[], { first, kind }: Sample, ended: number): number {
    const time = this.#time(ended);
    const { cell, spaceGroup } = proteins[kind] ?? proteins[0];
    const unitCell = this.#id("AutoProc");
    const grown = 1 + (this.#random.fraction() - 0.5) / 100;
    const sides = cell.slice(0, 3).map((side) => tenths(side * grown));
    this.#put("AutoProc", unitCell, program, spaceGroup, ...sides, ...cell.slice(3), time);
    const scaling = this.#id("AutoProcScaling");
    this.#put("AutoProcScaling", scaling, unitCell, time);
    for (const { collection, first: from, last } of sweeps) {
      const integration = this.#id("AutoProcIntegration");
      this.#put("AutoProcIntegration", integration, program, first + collection, from, last, 0, time);
      this.#put("AutoProcScaling_has_Int", this.#id("AutoProcScaling_has_Int"), scaling, integration, time);
    }
    return scaling;
  }

  /** When a sample is measured. */
  #measured(sample: number): number {
    return this.#facts.at - (this.#facts.samples - sample) * SECONDS_PER_SAMPLE;
  }

  /** Nothing lies in the future: the newest programs end at the moment that times count from. */
  #time(seconds: number): string {
    return this.#clock.spell(Math.min(seconds, this.#facts.at));
  }
}

interface Sample {
  /** Id of its first data collection. */
  readonly first: number;
  readonly end: number;
  /** Which of the proteins it is. */
  readonly kind: number;
  readonly folder: string;
  readonly name: string;
  readonly sample: number;
}

/** What a run is told. */
interface Told {
  readonly id: number;
  readonly dataCollection: number;
  readonly ready: number;
  readonly sample: Sample;
  readonly after: Upstream | undefined;
}

function messageOf(status: Run["status"]): string | null {
  return {
    SUCCESS: "processing successful",
    FAILED: "processing failure",
    RUNNING: "processing",
    QUEUED: null,
  }[status];
}

type Said = readonly [what: string, description: string | null];

const informations: readonly [Said, ...Said[]] = [
  ["high resolution limit estimated", null],
  ["radiation damage is within limits", "Rcp/Rd shows no trend over the images."],
];
const warnings: readonly [Said, ...Said[]] = [
  ["the beam centre moved in refinement", "By more than 2 pixels: is the header right?"],
  ["ice rings", "Spots at 3.67 and 2.25 A were left out."],
  ["low completeness", null],
];
const errors: readonly [Said, ...Said[]] = [
  ["no suitable lattice", "Indexing found too few spots on one lattice.\nIs there more than one crystal in the loop?"],
  ["not enough reflections", null],
  ["killed: out of memory", "The job asked for 16 GB."],
  ["timed out", null],
];

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
