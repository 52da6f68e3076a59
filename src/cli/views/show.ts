import { drawSweeps } from "../../job/draw.ts";
import { factsOf, headline, spellProgram, spellRelative, spellRun } from "../../job/facts.ts";
import type { Job, Message, Program, Relative, Status } from "../../job/job.ts";
import { count, printable } from "../../job/words.ts";
import type { Canvas, Paint, Style } from "../output.ts";
import { columns } from "./columns.ts";

/** Values of one parameter, programs, messages, relatives: what is more is counted, and --json has all of it. */
const MOST = 30;

const styleOfStatus: Readonly<Record<Status, Style>> = {
  queued: "yellow",
  running: "cyan",
  failed: "red",
  success: "green",
};

export function paintStatus(paint: Paint, status: Status): string {
  return paint(styleOfStatus[status], status);
}

/** Everything about one job, from top to bottom. */
export function jobText(job: Job, canvas: Canvas): string {
  const { paint } = canvas;
  const blocks = [
    [`${paint("bold", headline(job))}  ${paintStatus(paint, job.status)}`, ...factLines(job, paint)],
    drawSweeps(job, canvas),
    section("parameters", parameterLines(job, paint), paint),
    section("programs", programLines(job, paint), paint),
    section("parents", relativeLines(job, job.parents), paint),
    section("children", relativeLines(job, job.children), paint),
    job.unseen.length === 0
      ? []
      : [paint("dim", `not read: ${job.unseen.join(", ")}: not in this database, or not for this account to see`)],
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n");
}

// --- internal ---

function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : [paint("bold", title), ...lines.map((line) => `  ${line}`)];
}

function limited({ id }: Job, lines: readonly string[], one: string): string[] {
  const left = lines.length - MOST;
  if (left <= 0) return [...lines];
  return [...lines.slice(0, MOST), `and ${count(left, `more ${one}`)}; \`ispyb-migrate show ${id} --json\` has all`];
}

function factLines(job: Job, paint: Paint): string[] {
  const people = (job.visit?.people ?? []).map(({ name, role }) => (role === null ? name : `${name} (${role})`));
  const facts = [...factsOf(job), ...(people.length === 0 ? [] : [["people", printable(people.join(", "))] as const])];
  return columns(facts.map(([label, text]) => [`  ${paint("dim", label)}`, text]));
}

/** A key once, with its values below one another. */
function parameterLines(job: Job, paint: Paint): string[] {
  const rows = job.parameters.flatMap(({ key, values }) => {
    const spelled = values.map((value) => (value === null ? paint("dim", "NULL") : printable(value)));
    return limited(job, spelled, "value").map((line, at) => [at === 0 ? printable(key) : "", line]);
  });
  return columns(rows);
}

function programLines(job: Job, paint: Paint): string[] {
  if (job.programs.length === 0) return ["none yet: the job waits for a worker to take it up"];
  const shown = job.programs
    .slice(0, MOST)
    .flatMap((program) => [
      `${spellProgram(program)}  ${paintStatus(paint, program.status)}`,
      ...programDetails(job, program, paint).map((line) => `  ${line}`),
    ]);
  const left = job.programs.length - MOST;
  return left <= 0
    ? shown
    : [...shown, `and ${count(left, "more program")}; \`ispyb-migrate show ${job.id} --json\` has all`];
}

function programDetails(job: Job, program: Program, paint: Paint): string[] {
  const { pipeline, message, commandLine, environment, messages } = program;
  const details = [
    ["ran", spellRun(program)],
    ["pipeline", pipeline],
    ["command", commandLine],
    ["environment", environment],
    ["message", message],
  ] as const;
  const rows = details.map(([label, text]) => [paint("dim", label), printable(text ?? "")]);
  const lines = columns([
    ...rows.filter(([, text]) => text !== ""),
    ...messages.flatMap((each) => messageRows(each, paint)),
  ]);
  return limited(job, lines, "line");
}

/** A description may be a report of many lines. */
function messageRows({ severity, message, description }: Message, paint: Paint): string[][] {
  const style = severity === "ERROR" ? "red" : severity === "WARNING" ? "yellow" : "dim";
  const texts = [message ?? "", ...(description ?? "").split(/\r\n|\r|\n/)]
    .map(printable)
    .filter((text) => text !== "");
  return (texts.length === 0 ? [""] : texts).map((text, at) => [
    at === 0 ? paint(style, severity ?? "message") : "",
    text,
  ]);
}

function relativeLines(job: Job, relatives: readonly Relative[]): string[] {
  const lines = relatives.map((each) => spellRelative(each, job.id));
  return limited(job, lines, "relative");
}
