/** Values of samples and data collections, and of their parent rows. */
import type { Experiment } from "./experiment.ts";
import { type Measured, writeJob } from "./jobs.ts";
import { type RowWriter, earliest } from "./row-writer.ts";
import type { Upstream } from "./values.ts";
import {
  BEAMLINE,
  EXPOSURE,
  PROPOSAL_CODE,
  SAMPLES_PER_VISIT,
  SECONDS_PER_SAMPLE,
  proposalNumber,
  proteinOf,
  proteins,
  visitFolder,
} from "./visits.ts";

/** Parent rows of all samples. */
export function writeGround(writer: RowWriter): void {
  const { randomSeed, samples } = writer.facts;
  const made = writer.time(earliest(writer.facts));
  const person = writer.row("Person", "Generated", `Jobs ${randomSeed}`, `generated-${randomSeed}`, made);
  const title = `Generated jobs of random seed ${randomSeed}, on ${samples} samples`;
  const proposal = writer.row("Proposal", person, PROPOSAL_CODE, proposalNumber(randomSeed), "MX", title, "Open", made);
  for (const { acronym, name: what, spaceGroup } of proteins) {
    const protein = writer.row("Protein", proposal, what, acronym, made);
    writer.row("Crystal", protein, `${acronym} crystals`, spaceGroup, made);
  }
}

/** A sample with its data collections and jobs; `number` counts samples from 0. */
export function writeSample(writer: RowWriter, number: number, { collections, jobs, technique }: Experiment): void {
  const visit = Math.floor(number / SAMPLES_PER_VISIT);
  if (number % SAMPLES_PER_VISIT === 0) writeVisit(writer, visit);
  const kind = writer.random.whole(0, proteins.length - 1);
  const name = `${proteinOf(kind).acronym.toLowerCase()}-${number + 1}`;
  const start = writer.measured(number);
  const crystal = writer.facts.first.Crystal + kind;
  const sample = writer.row("BLSample", crystal, name, (number % 16) + 1, "processing", writer.time(start - 3600));
  const session = writer.next.BLSession - 1;
  const end = collections.reduce((time, images) => time + secondsOf(images), start);
  const group = writer.row("DataCollectionGroup", session, sample, technique, writer.time(start), writer.time(end));
  const begins = writer.time(writer.measured(visit * SAMPLES_PER_VISIT));
  const folder = `${visitFolder(writer.facts.randomSeed, visit + 1, begins)}/${name}`;
  const measured: Measured = { first: writer.next.DataCollection, end, kind, folder, name, sample };
  let begun = start;
  for (const [at, images] of collections.entries()) {
    writeCollection(writer, { group, session, technique, begun, images, at, measured });
    begun += secondsOf(images);
  }
  const written: Upstream[] = [];
  for (const job of jobs) written.push(writeJob(writer, job, measured, written));
}

// --- internal ---

function writeVisit(writer: RowWriter, visit: number): void {
  const from = writer.measured(visit * SAMPLES_PER_VISIT);
  const start = writer.time(from);
  const end = writer.time(from + SAMPLES_PER_VISIT * SECONDS_PER_SAMPLE);
  writer.row("BLSession", writer.facts.first.Proposal, visit + 1, BEAMLINE, start, end, end, start);
}

interface Collection {
  readonly group: number;
  readonly session: number;
  readonly technique: Experiment["technique"];
  /** In seconds. */
  readonly begun: number;
  readonly images: number;
  /** Counted from 0. */
  readonly at: number;
  readonly measured: Measured;
}

const wavelengths = { OSC: 0.9763, SAD: 0.9795, EM: null } as const;

function writeCollection(
  writer: RowWriter,
  { at, begun, group, images, measured: { folder, name, sample }, session, technique }: Collection,
): void {
  const isMicroscope = technique === "EM";
  const range = isMicroscope ? 3 : writer.random.pick([0.1, 0.1, 0.2]);
  const resolution = writer.random.whole(11, 32) / 10;
  const prefix = `${name}_${at + 1}`;
  writer.row(
    "DataCollection",
    group,
    session,
    sample,
    at + 1,
    writer.time(begun),
    writer.time(begun + Math.ceil(images * EXPOSURE)),
    "DataCollection Successful",
    1,
    images,
    0,
    Math.round(images * range * 10) / 10,
    range,
    0,
    EXPOSURE,
    wavelengths[technique],
    isMicroscope ? null : resolution,
    `${folder}/`,
    prefix,
    isMicroscope ? "mrc" : "h5",
    isMicroscope ? `${prefix}.mrc` : `${prefix}_master.h5`,
  );
}

/** Duration, with a second until the next one. */
function secondsOf(images: number): number {
  return Math.ceil(images * EXPOSURE) + 1;
}
