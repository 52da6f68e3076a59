import type { Caller } from "../../documents/caller.ts";
import { formatHint } from "../../documents/format-hint.ts";
import { hint } from "../../hint.ts";
import { formatProgram, formatRelative, formatRun, headline, listFacts } from "../../job/draw/facts.ts";
import { printable } from "../../job/draw/format.ts";
import { drawSweeps } from "../../job/draw/terminal.ts";
import type { Job, Message, Program, Relative, Status } from "../../job/job.ts";
import { plural } from "../../plural.ts";
import type { Paint, ResultCanvas, Style } from "../output.ts";
import { hanging, labelled } from "./labelled.ts";

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

/** A canvas, and how the program that shows the rest is called. */
type Page = ResultCanvas & { readonly caller: Caller };

/** Everything about one job, from top to bottom. */
export function jobText(job: Job, canvas: Page): string {
  const { paint } = canvas;
  const blocks = [
    [`${paint("bold", headline(job))}  ${paintStatus(paint, job.status)}`, ...factLines(job, canvas)],
    drawSweeps(job, canvas, (each) => formatHint(each, canvas.caller)),
    section("parameters", parameterLines(job, canvas), paint),
    section("programs", programLines(job, canvas), paint),
    section("parents", relativeLines(job, job.parents, canvas), paint),
    section("children", relativeLines(job, job.children, canvas), paint),
    job.unseen.length === 0
      ? []
      : [paint("dim", `not read: ${job.unseen.join(", ")}: missing in this database, or not visible to this account`)],
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n");
}

// --- internal ---

const INDENT = "  ";

function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : [paint("bold", title), ...lines.map((line) => `${INDENT}${line}`)];
}

function limited(job: Job, lines: readonly string[], one: string, page: Page): string[] {
  return [...lines.slice(0, MOST), ...more(job, lines.length, one, page)];
}

/** A line about those that are not shown; none where all are. */
function more({ id }: Job, all: number, one: string, { caller }: Page): string[] {
  if (all <= MOST) return [];
  const whole = formatHint(hint("show", { args: [`${id}`], options: { json: true } }), caller);
  return [`and ${plural(all - MOST, `more ${one}`)}; \`${whole}\` shows all`];
}

function factLines(job: Job, canvas: Page): string[] {
  const { paint } = canvas;
  const people = (job.visit?.people ?? []).map(({ name, role }) => (role === null ? name : `${name} (${role})`));
  const facts = [
    ...listFacts(job),
    ...(people.length === 0 ? [] : [["people", printable(people.join(", "))] as const]),
  ];
  return labelled(
    facts.map(([label, text]) => [`${INDENT}${paint("dim", label)}`, text]),
    0,
    canvas,
  );
}

/** A key once, with its values below one another. */
function parameterLines(job: Job, canvas: Page): string[] {
  const { paint } = canvas;
  const rows = job.parameters.flatMap(({ key, values }) => {
    const spelled = values.map((value) => (value === null ? paint("dim", "NULL") : printable(value)));
    return limited(job, spelled, "value", canvas).map((line, at) => [at === 0 ? printable(key) : "", line] as const);
  });
  return labelled(rows, INDENT.length, canvas);
}

function programLines(job: Job, canvas: Page): string[] {
  const { paint } = canvas;
  if (job.programs.length === 0) return ["none yet: no worker has taken the job"];
  const shown = job.programs
    .slice(0, MOST)
    .flatMap((program) => [
      `${formatProgram(program)}  ${paintStatus(paint, program.status)}`,
      ...programDetails(job, program, canvas).map((line) => `${INDENT}${line}`),
    ]);
  return [...shown, ...more(job, job.programs.length, "program", canvas)];
}

function programDetails(job: Job, program: Program, canvas: Page): string[] {
  const { paint } = canvas;
  const { pipeline, message, commandLine, environment, messages } = program;
  const details = [
    ["ran", formatRun(program)],
    ["pipeline", pipeline],
    ["command", commandLine],
    ["environment", environment],
    ["message", message],
  ] as const;
  const rows = details.flatMap(([label, text]) =>
    text === null || text === "" ? [] : [[paint("dim", label), printable(text)] as const],
  );
  const all = [...rows, ...messages.flatMap((each) => messageRows(each, paint))];
  return [...labelled(all.slice(0, MOST), 2 * INDENT.length, canvas), ...more(job, all.length, "line", canvas)];
}

/** A description may be a report of many lines. */
function messageRows({ severity, message, description }: Message, paint: Paint): (readonly [string, string])[] {
  const style = severity === "ERROR" ? "red" : severity === "WARNING" ? "yellow" : "dim";
  const texts = [message ?? "", ...(description ?? "").split(/\r\n|\r|\n/)]
    .map(printable)
    .filter((text) => text !== "");
  return (texts.length === 0 ? [""] : texts).map(
    (text, at) => [at === 0 ? paint(style, severity ?? "message") : "", text] as const,
  );
}

function relativeLines(job: Job, relatives: readonly Relative[], canvas: Page): string[] {
  const lines = relatives.map((each) => formatRelative(each, job.id));
  return hanging(limited(job, lines, "relative", canvas), INDENT.length, canvas);
}
