import { z } from "zod";
import { type Job, type JobSummary, statuses } from "../../job/job.ts";
import type { JobDocument, JobListDocument } from "../show.ts";
import { exactly } from "./exactly.ts";
import { count, place } from "./parts.ts";

const id = count;
const text = z.string().nullable();
const status = z.enum(statuses).meta({ id: "status", description: "That of the newest program; without one, queued" });

const summary = {
  id,
  dataCollectionId: id.nullable(),
  displayName: text,
  recipe: text,
  automatic: z.boolean().nullable(),
  submitted: z.string().describe("UTC"),
  status,
};

const jobSummary = exactly<JobSummary>()(
  z.strictObject({ ...summary, sweeps: count.describe("How many") }).meta({ id: "jobSummary" }),
);

const dataCollection = z
  .strictObject({
    id,
    sample: z.strictObject({ id, name: text }).nullable(),
    images: z
      .strictObject({ start: z.int(), end: z.int() })
      .nullable()
      .describe("The images that it has in all, counted from 1; null where it does not say so"),
  })
  .meta({ id: "dataCollection" });

const sweep = z
  .strictObject({ id, dataCollectionId: id.nullable(), startImage: z.int().nullable(), endImage: z.int().nullable() })
  .meta({ id: "sweep", description: "A range of images, both ends included, as its row has it" });

const parameter = z
  .strictObject({ key: z.string(), values: z.array(text).describe("In the order of their rows") })
  .meta({ id: "parameter" });

const message = z
  .strictObject({ severity: text, message: text, description: text, recorded: z.string().describe("UTC") })
  .meta({ id: "message" });

const programName = { id, name: text, status };

const program = z
  .strictObject({
    ...programName,
    pipeline: text,
    message: text,
    commandLine: text,
    environment: text,
    started: text.describe("By the clock of the client that wrote it"),
    ended: text.describe("By the clock of the client that wrote it"),
    recorded: text.describe("By the clock of the client that wrote it"),
    messages: z.array(message).describe("Errors first"),
    attachments: z.strictObject({ count, deleted: count }),
  })
  .meta({ id: "program" });

const relative = z
  .strictObject({
    job: z.strictObject({ id, name: text, recipe: text }).nullable(),
    programs: z.array(z.strictObject(programName).meta({ id: "programName" })),
    links: z.array(z.string()).describe("What says so: `scaling_id 7`"),
  })
  .meta({
    id: "relative",
    description: "A job, or programs without one, whose results this job uses or that use its results",
  });

const visit = z
  .strictObject({
    proposal: z.string(),
    title: text,
    session: z.int().nullable(),
    beamline: text,
    people: z.array(z.strictObject({ name: z.string(), role: text })).describe("Of the session"),
  })
  .meta({ id: "visit" });

const job = exactly<Job>()(
  z
    .strictObject({
      ...summary,
      comments: text,
      visit: visit.nullable(),
      sweeps: z.array(sweep),
      dataCollections: z.array(dataCollection).describe("The primary one first, then those of the sweeps"),
      parameters: z.array(parameter),
      programs: z.array(program),
      parents: z.array(relative),
      children: z.array(relative),
      unseen: z.array(z.string()).describe("What this account cannot see, or this database does not have"),
    })
    .meta({ id: "job" }),
);

export const showJob = exactly<JobDocument>()(
  z.strictObject({
    ...place,
    job,
    svg: z.exactOptional(z.string()).describe("Of --svg -: the picture"),
    file: z.exactOptional(z.string()).describe("Of --svg FILE: the file that holds the picture, as it was named"),
  }),
);

export const showList = exactly<JobListDocument>()(
  z.strictObject({
    ...place,
    jobs: z.array(jobSummary).describe("The newest first"),
    more: z.boolean().describe("There are more than the limit"),
  }),
);
