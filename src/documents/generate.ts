import type { GenerateResult } from "../seed/generate/generate.ts";
import { type PlaceDocument, placeDocument } from "./place.ts";

/** Of `seed generate`. */
export interface GenerateDocument extends PlaceDocument {
  /** The name for `seed remove`. */
  readonly name: string;
  /** The reference time: no generated time is later. */
  readonly at: string;
  readonly jobs: number;
  /** Number of jobs that an earlier run had written. */
  readonly already: number;
  /** Number of these jobs that exist now. */
  readonly there: number;
  /** The id of the first job. */
  readonly firstJob: number;
  readonly lastJob: number;
  /** The number of rows by table. */
  readonly rows: Readonly<Record<string, number>>;
}

export function generateDocument(result: GenerateResult): GenerateDocument {
  const { already, at, database, firstJob, jobs, lastJob, name, rowsByTable, server, there } = result;
  return {
    ...placeDocument(server, database),
    name,
    at,
    jobs,
    already,
    there,
    firstJob,
    lastJob,
    rows: rowsByTable,
  };
}
