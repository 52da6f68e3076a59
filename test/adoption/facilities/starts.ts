/** What the facility's changes begin with: the small schemas, and the official one with what pull requests 35 and 36 add. */
import { jobOfProgram, jobRows, jobTables, jobsOfPrograms, messageRows, messageTable } from "../pull-requests.ts";
import type { Start } from "./change.ts";

const jobs = [...jobTables, jobOfProgram, ...jobRows, ...jobsOfPrograms];
const messages = [messageTable({ time: "NULL", charset: "" }), messageRows];

export const starts: readonly Start[] = [
  { name: "official", base: "official", sql: [] },
  { name: "official with PR 35", base: "official", sql: jobs },
  { name: "official with PR 35 and 36", base: "official", sql: [...jobs, ...messages] },
  { name: "Diamond", base: "diamond", sql: [] },
];
