/** Facts about a job and its relatives in words: the same for the terminal and the picture. */
import { plural } from "../../plural.ts";
import type { Job, Program, ProgramName, Relative } from "../job.ts";
import { printable } from "./format.ts";

export type Fact = readonly [label: string, text: string];

export function headline({ id, displayName }: Pick<Job, "id" | "displayName">): string {
  return displayName === null ? `job ${id}` : `job ${id}: ${printable(displayName)}`;
}

export function listFacts(job: Job): Fact[] {
  const { visit, recipe, comments, dataCollectionId, sweeps } = job;
  return [
    ["recipe", `${recipe === null ? "none" : printable(recipe)}, ${originOf(job)}`],
    ["submitted", `${job.submitted} UTC`],
    ...(visit === null ? [] : [["session", formatVisit(visit)] as const]),
    ...(comments === null ? [] : [["comments", printable(comments)] as const]),
    ...(sweeps.length > 0
      ? []
      : [["sweeps", `none${dataCollectionId === null ? "" : `; data collection ${dataCollectionId}`}`] as const]),
  ];
}

/** "program 5, dimple" */
export function formatProgram({ id, name }: Pick<ProgramName, "id" | "name">): string {
  return name === null ? `program ${id}` : `program ${id}, ${printable(name)}`;
}

/** When a program ran, and how many attachments it wrote. */
export function formatRun({ started, ended, recorded, status, attachments }: Program): string {
  const begun = started === null ? [] : [ended === null ? `since ${started}` : `${started} to ${ended}`];
  // A program may end without a recorded start.
  const unstarted = started === null && status === "queued" ? ["not yet"] : [];
  const entered = started !== null || recorded === null ? [] : [`recorded ${recorded}`];
  const deleted = attachments.deleted === 0 ? "" : ` (${attachments.deleted} deleted)`;
  const written = attachments.count === 0 ? [] : [plural(attachments.count, "attachment") + deleted];
  return [[...unstarted, ...begun, ...entered].join("; "), ...written].filter((part) => part !== "").join(", ");
}

/** "job 1, xia2 dials: program 1, xia2 dials, success", followed by the links. */
export function formatRelative({ job, programs, links }: Relative, self: number): string {
  const name = job?.name ?? job?.recipe ?? null;
  const whose =
    job === null
      ? []
      : [`job ${job.id}${job.id === self ? " (this one)" : name === null ? "" : `, ${printable(name)}`}`];
  const runs = programs.map((program) => `${formatProgram(program)}, ${program.status}`).join("; ");
  const who = [...whose, ...(runs === "" ? [] : [runs])].join(": ");
  return who === "" ? `no such row: ${links.join(", ")}` : `${who} (${links.join(", ")})`;
}

// --- internal ---

function originOf({ automatic }: Job): string {
  return automatic === null ? "automatic: not recorded" : automatic ? "automatic" : "requested by a user";
}

function formatVisit({ proposal, session, beamline, title }: NonNullable<Job["visit"]>): string {
  const on = beamline === null ? "" : ` on ${printable(beamline)}`;
  return `${printable(proposal)}${session === null ? "" : `-${session}`}${on}${title === null ? "" : `, ${printable(title)}`}`;
}
