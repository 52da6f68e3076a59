import type { Server } from "../catalog/server.ts";
import type { Job } from "../job/job.ts";
import type { JobList } from "../job/read/list.ts";
import { type PlaceDocument, placeDocument } from "./place.ts";

export interface JobDocument extends PlaceDocument {
  readonly job: Job;
  /** Of --svg -: the picture. */
  readonly svg?: string;
  /** Of --svg FILE: the file that holds the picture, as it was named. */
  readonly file?: string;
}

export interface JobListDocument extends PlaceDocument, JobList {}

export function jobDocument(server: Server, database: string, job: Job): JobDocument {
  return { ...placeDocument(server, database), job };
}

export function jobListDocument(server: Server, database: string, list: JobList): JobListDocument {
  return { ...placeDocument(server, database), ...list };
}
