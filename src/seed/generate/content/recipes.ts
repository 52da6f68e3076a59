/**
 * The kinds of processing that facilities run, and how each is represented as rows. Keys, names of recipes and
 * pipelines are those of Diamond's services and of SynchWeb.
 */

export interface Recipe {
  readonly displayName: string | null;
  readonly recipe: string;
  /** 1: requested by a pipeline, 0: by a user. Never NULL: py-ispyb cannot answer then, and SynchWeb hides the job. */
  readonly automatic: 0 | 1;
  readonly program: string;
  /** Name in ProcessingPipeline. */
  readonly pipeline?: string;
  /** Whether it integrates and scales images: it writes AutoProc, AutoProcScaling and AutoProcIntegration. */
  readonly reduces?: true;
  /** Parameters of every job of this kind, in this order; a key may be repeated. */
  readonly keys: readonly string[];
  /** Whether `data` follows, once for each data collection. */
  readonly dataOfEach?: true;
  /** Optional parameters, with the share of jobs that have them. */
  readonly sometimes?: Readonly<Record<string, number>>;
  /** Whole or partial sweeps; "none": its jobs process data collections without sweeps. */
  readonly sweeps: "whole" | "range" | "none";
  /** How long a run takes, in minutes. */
  readonly minutes: readonly [least: number, most: number];
  /** The files that it writes, the most important first. */
  readonly files: readonly (readonly [type: "Result" | "Log" | "Graph", name: string])[];
}

const pipelineLog = ["Log", "processing.log"] as const;

/** Jobs that the beamline starts automatically after a data collection, with the share of data collections. */
export const reductions: readonly (readonly [share: number, recipe: Recipe])[] = [
  [
    0.98,
    {
      displayName: "fast_dp",
      recipe: "autoprocessing-fast-dp",
      automatic: 1,
      program: "fast_dp",
      pipeline: "Fast DP",
      reduces: true,
      keys: [],
      sweeps: "whole",
      minutes: [1, 9],
      files: [
        ["Result", "fast_dp.mtz"],
        ["Log", "fast_dp.log"],
        ["Graph", "fast_dp.json"],
      ],
    },
  ],
  [
    0.97,
    {
      displayName: "xia2 dials",
      recipe: "autoprocessing-xia2-dials",
      automatic: 1,
      program: "xia2 dials",
      pipeline: "xia2/DIALS",
      reduces: true,
      keys: [],
      sometimes: { "resolution.cc_half_significance_level": 0.8, unit_cell: 0.1, spacegroup: 0.1 },
      sweeps: "whole",
      minutes: [6, 90],
      files: [
        ["Result", "scaled.mtz"],
        ["Result", "unmerged.mtz"],
        ["Log", "xia2.txt"],
        ["Graph", "iotbx-merging-stats.json"],
      ],
    },
  ],
  [
    0.8,
    {
      displayName: "xia2 3dii",
      recipe: "autoprocessing-xia2-3dii",
      automatic: 1,
      program: "xia2 3dii",
      pipeline: "xia2/3dii",
      reduces: true,
      keys: [],
      sometimes: { "resolution.cc_half_significance_level": 0.8 },
      sweeps: "whole",
      minutes: [5, 80],
      files: [
        ["Result", "scaled.mtz"],
        ["Log", "xia2.txt"],
        ["Graph", "iotbx-merging-stats.json"],
      ],
    },
  ],
  [
    0.75,
    {
      displayName: "autoPROC",
      recipe: "autoprocessing-autoPROC",
      automatic: 1,
      program: "autoPROC",
      pipeline: "autoPROC",
      reduces: true,
      keys: [],
      sweeps: "whole",
      minutes: [8, 120],
      files: [
        ["Result", "truncate-unique.mtz"],
        ["Log", "summary.html"],
        ["Graph", "report.pdf"],
      ],
    },
  ],
];

/** Jobs that start automatically from reduced data, with the share of results. */
export const downstream: readonly (readonly [share: number, recipe: Recipe])[] = [
  [
    0.35,
    {
      displayName: "DIMPLE",
      recipe: "postprocessing-dimple",
      automatic: 1,
      program: "dimple",
      pipeline: "Dimple",
      keys: ["data", "scaling_id", "pdb", "create_symlink"],
      sometimes: { pdb: 0.4 },
      sweeps: "whole",
      minutes: [2, 20],
      files: [
        ["Result", "final.pdb"],
        ["Result", "final.mtz"],
        ["Log", "dimple.log"],
      ],
    },
  ],
  [
    0.1,
    {
      displayName: "fast_ep",
      recipe: "postprocessing-fast-ep",
      automatic: 1,
      program: "fast_ep",
      pipeline: "Fast EP",
      keys: ["data", "scaling_id"],
      sweeps: "whole",
      minutes: [3, 40],
      files: [
        ["Result", "sad.hkl"],
        ["Log", "fast_ep.log"],
      ],
    },
  ],
  [
    0.08,
    {
      displayName: "metal_id",
      recipe: "postprocessing-metal-id",
      automatic: 1,
      program: "metal_id",
      keys: ["dcids", "data", "data", "scaling_id", "pdb", "symlink"],
      sweeps: "whole",
      minutes: [2, 15],
      files: [
        ["Result", "found_peaks.dat"],
        ["Log", "metal_id.log"],
      ],
    },
  ],
  [
    0.12,
    {
      displayName: "ep_predict",
      recipe: "postprocessing-ep-predict",
      automatic: 1,
      program: "ep_predict",
      keys: ["program", "program_id", "data", "threshold"],
      sweeps: "whole",
      minutes: [1, 3],
      files: [["Result", "ep_predict.json"]],
    },
  ],
  [
    0.12,
    {
      displayName: "mr_predict",
      recipe: "postprocessing-mr-predict",
      automatic: 1,
      program: "mr_predict",
      keys: ["program_id", "data"],
      sometimes: { threshold: 0.5 },
      sweeps: "none",
      minutes: [1, 3],
      files: [["Result", "mr_predict.json"]],
    },
  ],
  [
    0.05,
    {
      displayName: "MrBUMP",
      recipe: "postprocessing-mrbump",
      automatic: 1,
      program: "MrBUMP",
      pipeline: "MrBUMP",
      keys: ["hklin", "scaling_id", "dophmmer", "mdlunmod"],
      sometimes: { localfile: 0.5 },
      sweeps: "none",
      minutes: [20, 300],
      files: [
        ["Result", "PostMRRefine.pdb"],
        ["Log", "MRBUMP.log"],
      ],
    },
  ],
  [
    0.03,
    {
      displayName: "big_ep",
      recipe: "postprocessing-big-ep",
      automatic: 1,
      program: "big_ep",
      pipeline: "Big EP/DIALS",
      keys: ["program_id", "scaling_id", "data", "scaled_unmerged_mtz", "upstream_source"],
      sweeps: "none",
      minutes: [30, 400],
      files: [
        ["Result", "big_ep.pdb"],
        ["Log", "big_ep.log"],
      ],
    },
  ],
];

/** Jobs over all data collections of a sample with several, with the share of such samples. */
export const overAll: readonly (readonly [share: number, recipe: Recipe])[] = [
  [
    0.6,
    {
      displayName: "xia2 dials",
      recipe: "autoprocessing-multi-xia2-dials",
      automatic: 1,
      program: "xia2 dials",
      pipeline: "xia2/DIALS (multi)",
      reduces: true,
      keys: [],
      sweeps: "whole",
      minutes: [10, 180],
      files: [
        ["Result", "scaled.mtz"],
        ["Log", "xia2.txt"],
        ["Graph", "iotbx-merging-stats.json"],
      ],
    },
  ],
  [
    0.4,
    {
      displayName: "xia2 3dii",
      recipe: "autoprocessing-multi-xia2-3dii",
      automatic: 1,
      program: "xia2 3dii",
      pipeline: "xia2/3dii (multi)",
      reduces: true,
      keys: [],
      sweeps: "whole",
      minutes: [10, 180],
      files: [
        ["Result", "scaled.mtz"],
        ["Log", "xia2.txt"],
      ],
    },
  ],
  [
    0.5,
    {
      displayName: "xia2.multiplex",
      recipe: "postprocessing-xia2-multiplex",
      automatic: 1,
      program: "xia2.multiplex",
      pipeline: "xia2/Multiplex",
      reduces: true,
      keys: ["sample_id"],
      dataOfEach: true,
      sometimes: { spacegroup: 0.3, anomalous: 0.2, absorption_level: 0.3, "clustering.output_clusters": 0.3 },
      sweeps: "whole",
      minutes: [4, 60],
      files: [
        ["Result", "scaled.mtz"],
        ["Log", "xia2.multiplex.log"],
        ["Graph", "xia2.multiplex.json"],
      ],
    },
  ],
];

const settings = {
  d_min: 0.5,
  spacegroup: 0.3,
  unit_cell: 0.3,
  cc_half: 0.15,
  isigma: 0.15,
  misigma: 0.05,
  small_molecule: 0.05,
  absorption_level: 0.1,
} as const;

const byUsers = { automatic: 0, reduces: true, keys: [], sometimes: settings, sweeps: "range" } as const;

/** Jobs that users request, by frequency. */
export const reprocessing: readonly (readonly [weight: number, recipe: Recipe])[] = [
  [
    5,
    {
      ...byUsers,
      displayName: "Xia2 DIALS",
      recipe: "xia2-dials",
      program: "xia2 dials",
      pipeline: "xia2/DIALS",
      minutes: [6, 90],
      files: [
        ["Result", "scaled.mtz"],
        ["Log", "xia2.txt"],
      ],
    },
  ],
  [
    3,
    {
      ...byUsers,
      displayName: "Xia2 3dii",
      recipe: "xia2-3dii",
      program: "xia2 3dii",
      pipeline: "xia2/3dii",
      minutes: [5, 80],
      files: [
        ["Result", "scaled.mtz"],
        ["Log", "xia2.txt"],
      ],
    },
  ],
  [
    2,
    {
      ...byUsers,
      displayName: "autoPROC",
      recipe: "autoPROC",
      program: "autoPROC",
      pipeline: "autoPROC",
      minutes: [8, 120],
      files: [
        ["Result", "truncate-unique.mtz"],
        ["Log", "summary.html"],
      ],
    },
  ],
  [
    1,
    {
      ...byUsers,
      displayName: "Fast DP",
      recipe: "fast_dp",
      program: "fast_dp",
      pipeline: "Fast DP",
      // Its form has no other field.
      sometimes: {},
      minutes: [1, 9],
      files: [
        ["Result", "fast_dp.mtz"],
        ["Log", "fast_dp.log"],
      ],
    },
  ],
];

/** Jobs outside crystallography: without sweeps. */
export const microscopy: readonly (readonly [weight: number, recipe: Recipe])[] = [
  [
    2,
    {
      displayName: null,
      recipe: "em-tomo-align-reproc",
      automatic: 0,
      program: "Tomogram Reconstruction",
      keys: ["pix_size", "manual_tilt_offset", "dcid", "stack_file", "movie_id"],
      sweeps: "none",
      minutes: [5, 60],
      files: [["Result", "tomogram.mrc"], pipelineLog],
    },
  ],
  [
    1,
    {
      displayName: "RELION",
      recipe: "relion",
      automatic: 0,
      program: "relion",
      keys: ["acquisition_software", "voltage", "pix_size", "do_class2d", "mask_diameter"],
      sweeps: "none",
      minutes: [60, 900],
      files: [["Result", "class_averages.mrcs"], pipelineLog],
    },
  ],
];
