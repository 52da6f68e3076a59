/** Values of parameters, by their keys. */
import type { Random } from "./random.ts";
import { proteins } from "./visits.ts";

/** What a job goes on from. */
export interface Upstream {
  /** Where its files are, the first of them the reduced data. */
  readonly folder: string;
  readonly file: string;
  readonly program?: number;
  readonly scaling?: number;
  /** In seconds. */
  readonly ended?: number;
}

interface Facts {
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

/** `again` counts from 0 how often the key was there before. */
export function valueOf(key: string, again: number, facts: Facts): string {
  const write = values[key];
  if (write === undefined) throw new RangeError(`no values for ${key}`);
  return write(facts, again);
}

// --- internal ---

const values: Readonly<Record<string, (facts: Facts, again: number) => string>> = {
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
  scaled_unmerged_mtz: ({ after, folder }) => `${after?.folder ?? folder}/unmerged.mtz`,
  scaling_id: ({ after }) => String(after?.scaling ?? ""),
  small_molecule: () => "true",
  spacegroup: ({ kind }) => (proteins[kind] ?? proteins[0]).spaceGroup,
  stack_file: ({ folder, name }) => `${folder}/${name}_stack.mrc`,
  symlink: () => "metal_id",
  threshold: ({ random }) => (random.whole(1, 9) / 10).toString(),
  unit_cell: ({ kind }) => (proteins[kind] ?? proteins[0]).cell.join(","),
  upstream_source: () => "fast_ep",
  voltage: () => "300",
};

/** Reduced data of the job before; without one, what was integrated of each data collection. */
function dataOf({ after, folder, name, on }: Facts, again: number): string {
  if (after !== undefined) return `${after.folder}/${again === 0 ? after.file : "unmerged.mtz"}`;
  const integrated = `${folder}/processed/${name}_${(on[again] ?? 0) + 1}/integrated`;
  return `${integrated}.expt;${integrated}.refl`;
}

function modelOf({ folder, kind }: Facts): string {
  return `${folder}/${(proteins[kind] ?? proteins[0]).acronym.toLowerCase()}.pdb`;
}
