/** What the facility's changes begin with: the small schemas, with and without pull requests 35 and 36, and the real ones. */
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

const official = process.env["ISPYB_OFFICIAL_DIR"];
const diamond = process.env["ISPYB_DIAMOND_DIR"];

/** Checkouts of the real schemas, where the environment names them; they are no part of this project. */
export const realStarts: readonly Start[] = [
  ...(official === undefined
    ? []
    : [[], jobs.slice(0, jobTables.length + 1), [...jobs.slice(0, jobTables.length + 1), ...messages.slice(0, 1)]].map(
        (sql, at): Start => ({
          name: ["the real official schema", "… with PR 35", "… with PR 35 and 36"][at] ?? "",
          base: official,
          sql,
          withoutRows: true,
        }),
      )),
  ...(diamond === undefined
    ? []
    : [{ name: "Diamond's real schema", base: diamond, sql: [], only: "mariadb", withoutRows: true } as const]),
];
