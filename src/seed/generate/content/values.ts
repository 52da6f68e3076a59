/** Values of parameters by their keys, and messages of programs. */
import type { ProcessingRun } from "./experiment.ts";
import type { Random } from "./random.ts";
import { proteinOf } from "./visits.ts";

/** The input of a job. */
export interface Upstream {
  /** Folder of its files. */
  readonly folder: string;
  /** Names of the files with its results. */
  readonly results: readonly string[];
  readonly program?: number;
  readonly scaling?: number;
  /** In seconds. */
  readonly ended?: number;
}

interface RunValues {
  readonly random: Random;
  readonly after?: Upstream;
  readonly folder: string;
  readonly name: string;
  readonly kind: number;
  readonly on: readonly number[];
  /** Id of the sample's first data collection. */
  readonly first: number;
  readonly sample: number;
}

/** The value of a parameter; `again` is how often the key occurred before. */
export function parameterValue(key: string, again: number, facts: RunValues): string {
  const write = values[key];
  if (write === undefined) throw new RangeError(`no values for the key ${key}`);
  return write(facts, again);
}

export function statusMessage(status: ProcessingRun["status"]): string | null {
  return statusMessages[status];
}

/** One of the messages of a program; the last one of a failed program gives the reason. */
export function remarkOf(random: Random, status: ProcessingRun["status"], isLast: boolean) {
  const severity = status === "SUCCESS" ? "INFO" : isLast ? "ERROR" : "WARNING";
  const [message, description] = random.pick(remarks[severity]);
  return { severity, message, description };
}

// --- internal ---

const statusMessages = {
  SUCCESS: "processing successful",
  FAILED: "processing failure",
  RUNNING: "processing",
  QUEUED: null,
} as const;

/** Each has a description: py-ispyb requires one. */
type Remark = readonly [message: string, description: string];

const remarks: Readonly<Record<"INFO" | "WARNING" | "ERROR", readonly [Remark, ...Remark[]]>> = {
  INFO: [
    ["high resolution limit estimated", "Where CC1/2 falls below 0.3."],
    ["radiation damage is within limits", "Rcp/Rd shows no trend over the images."],
  ],
  WARNING: [
    ["the beam centre moved in refinement", "By more than 2 pixels: is the header right?"],
    ["ice rings", "Spots at 3.67 and 2.25 A were left out."],
    ["low completeness", "Less than 80 % to the edge of the detector."],
  ],
  ERROR: [
    [
      "no suitable lattice",
      "Indexing found too few spots on one lattice.\nIs there more than one crystal in the loop?",
    ],
    ["not enough reflections", "Scaling needs more than 50 in each batch."],
    ["killed: out of memory", "The job asked for 16 GB."],
    ["timed out", "The job was allowed one hour."],
  ],
};

const values: Readonly<Record<string, (facts: RunValues, again: number) => string>> = {
  absorption_level: ({ random }) => random.pick(["low", "medium", "high"]),
  acquisition_software: () => "EPU",
  anomalous: () => "true",
  cc_half: ({ random }) => (random.whole(2, 6) / 10).toString(),
  "clustering.output_clusters": () => "true",
  create_symlink: () => "dimple",
  d_min: ({ random }) => (random.whole(12, 30) / 10).toString(),
  data: dataOf,
  dcid: ({ first, on }) => String(first + (on[0] ?? 0)),
  dcids: ({ first, on }) => String(first + (on[0] ?? 0)),
  do_class2d: () => "1",
  dophmmer: () => "True",
  hklin: (facts) => dataOf(facts, 0),
  isigma: ({ random }) => String(random.whole(1, 3)),
  localfile: (facts) => modelOf(facts),
  manual_tilt_offset: ({ random }) => String(random.whole(-5, 5)),
  mask_diameter: ({ random }) => String(random.whole(10, 30) * 10),
  mdlunmod: () => "True",
  misigma: ({ random }) => String(random.whole(1, 3)),
  movie_id: ({ random }) => String(random.whole(1, 9_999)),
  pdb: (facts) => modelOf(facts),
  pix_size: ({ random }) => (random.whole(50, 250) / 100).toString(),
  program: () => "xia2",
  program_id: ({ after }) => String(after?.program ?? ""),
  "resolution.cc_half_significance_level": () => "0.1",
  sample_id: ({ sample }) => String(sample),
  scaled_unmerged_mtz: (facts) => dataOf(facts, 1),
  scaling_id: ({ after }) => String(after?.scaling ?? ""),
  small_molecule: () => "true",
  spacegroup: ({ kind }) => proteinOf(kind).spaceGroup,
  stack_file: ({ folder, name }) => `${folder}/${name}_stack.mrc`,
  symlink: () => "metal_id",
  threshold: ({ random }) => (random.whole(1, 9) / 10).toString(),
  unit_cell: ({ kind }) => proteinOf(kind).cell.join(","),
  upstream_source: () => "fast_ep",
  voltage: () => "300",
};

/** Results of the job before; without one, the integrated files of each data collection. */
function dataOf({ after, folder, name, on }: RunValues, again: number): string {
  if (after !== undefined) return resultOf(after, again);
  const integrated = `${folder}/processed/${name}_${(on[again] ?? 0) + 1}/integrated`;
  return `${integrated}.expt;${integrated}.refl`;
}

/** The next one of several. */
function resultOf({ folder, results }: Upstream, again: number): string {
  return `${folder}/${results[Math.min(again, results.length - 1)]}`;
}

function modelOf({ folder, kind }: RunValues): string {
  return `${folder}/${proteinOf(kind).acronym.toLowerCase()}.pdb`;
}
