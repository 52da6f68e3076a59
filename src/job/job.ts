/** A processing job with everything that belongs to it, as readonly data. */

export const statuses = ["queued", "running", "failed", "success"] as const;
export type Status = (typeof statuses)[number];

export interface Sample {
  readonly id: number;
  readonly name: string | null;
}

/** Images are counted from 1, and both ends belong to a range. */
export interface ImageRange {
  readonly start: number;
  readonly end: number;
}

export interface DataCollection {
  readonly id: number;
  readonly sample: Sample | null;
  /** All images of the data collection; null if their number is unknown. */
  readonly images: ImageRange | null;
}

/** A range of images of one data collection, as its row has it: the schema does not prevent invalid ranges. */
export interface Sweep {
  readonly id: number;
  readonly dataCollectionId: number | null;
  readonly startImage: number | null;
  readonly endImage: number | null;
}

/** The values of one key, in the order of their rows; repeated keys are usual. */
export interface Parameter {
  readonly key: string;
  readonly values: readonly (string | null)[];
}

export interface Message {
  readonly severity: string | null;
  readonly message: string | null;
  readonly description: string | null;
  /** UTC. */
  readonly recorded: string;
}

export interface ProgramName {
  readonly id: number;
  readonly name: string | null;
  readonly status: Status;
}

export interface Program extends ProgramName {
  readonly pipeline: string | null;
  readonly message: string | null;
  readonly commandLine: string | null;
  readonly environment: string | null;
  /** Local time of the program that wrote them: these columns have no time zone. */
  readonly started: string | null;
  readonly ended: string | null;
  readonly recorded: string | null;
  /** Errors first. */
  readonly messages: readonly Message[];
  readonly attachments: { readonly count: number; readonly deleted: number };
}

/** A job, or programs without a job, whose results this job uses or that use its results. */
export interface Relative {
  readonly job: { readonly id: number; readonly name: string | null; readonly recipe: string | null } | null;
  readonly programs: readonly ProgramName[];
  /** The links: `parentAutoProcProgramId 1`, `scaling_id 7`. */
  readonly links: readonly string[];
}

export interface Visit {
  readonly proposal: string;
  readonly title: string | null;
  readonly session: number | null;
  readonly beamline: string | null;
  /** Members of the session. A job itself does not record who requested it. */
  readonly people: readonly { readonly name: string; readonly role: string | null }[];
}

/** One line of a list of jobs. */
export interface JobSummary {
  readonly id: number;
  readonly dataCollectionId: number | null;
  readonly displayName: string | null;
  readonly recipe: string | null;
  readonly automatic: boolean | null;
  /** UTC. */
  readonly submitted: string;
  /** The status of its newest program; queued without a program. */
  readonly status: Status;
  readonly sweeps: number;
}

export interface Job extends Omit<JobSummary, "sweeps"> {
  readonly comments: string | null;
  readonly visit: Visit | null;
  readonly sweeps: readonly Sweep[];
  /** The primary one first, then the data collections of the sweeps in their order. */
  readonly dataCollections: readonly DataCollection[];
  readonly parameters: readonly Parameter[];
  readonly programs: readonly Program[];
  readonly parents: readonly Relative[];
  readonly children: readonly Relative[];
  /** Tables and columns that this account cannot see or this database does not have; their values are missing above. */
  readonly unseen: readonly string[];
}
