import type { Caller } from "../../documents/caller.ts";
import { formatHint } from "../../documents/format-hint.ts";
import { hint } from "../../hint.ts";
import { printable } from "../../job/draw/format.ts";
import type { JobList } from "../../job/read/list.ts";
import type { Paint } from "../output.ts";
import { columns } from "./columns.ts";
import { paintStatus } from "./show.ts";

/** One line for each job, the newest first. */
export function jobsText({ jobs, more }: JobList, isFiltered: boolean, paint: Paint, caller: Caller): string {
  if (jobs.length === 0) return isFiltered ? "no matching jobs" : "there are no jobs";
  const head = ["job", "submitted (UTC)", "status", "data collection", "sweeps", "recipe, name"];
  const rows = jobs.map(({ id, submitted, status, dataCollectionId, sweeps, recipe, displayName }) => [
    `${id}`,
    submitted,
    paintStatus(paint, status),
    `${dataCollectionId ?? "none"}`,
    `${sweeps}`,
    [recipe, displayName]
      .filter((name) => name !== null)
      .map(printable)
      .join(", "),
  ]);
  const rest = more ? `the newest ${jobs.length}; there are more: --limit N lists more` : `${jobs.length} in all`;
  return [
    ...columns([head.map((word) => paint("dim", word)), ...rows]),
    "",
    `${rest}; \`${formatHint(hint("show", { args: ["JOB"] }), caller)}\` shows one`,
  ].join("\n");
}
