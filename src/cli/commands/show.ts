import { readServer } from "../../catalog/server.ts";
import type { Db } from "../../db/db.ts";
import { formatHint } from "../../documents/format-hint.ts";
import { type JobDocument, jobDocument, jobListDocument } from "../../documents/show.ts";
import { MigrateError } from "../../errors.ts";
import { hint } from "../../hint.ts";
import { drawSvg } from "../../job/draw/svg.ts";
import type { Job, Status } from "../../job/job.ts";
import { type JobFilter, listJobs } from "../../job/read/list.ts";
import { readJob } from "../../job/read/read-job.ts";
import type { Options } from "../../options.ts";
import { readMoment } from "../../seed/story/time.ts";
import { readingOnce } from "../../run/reading-once.ts";
import type { CommandContext } from "../command-context.ts";
import { heading } from "../views/heading.ts";
import { jobsText } from "../views/jobs.ts";
import { jobText } from "../views/show.ts";
import { writeResult } from "../write-file.ts";

const DEFAULT_LIMIT = 20;
/** The highest number that the column holds. */
const HIGHEST_ID = 2 ** 32 - 1;

export async function run({ connect, args: [word], cwd, options, out }: CommandContext): Promise<number> {
  const id = word === undefined ? undefined : jobNumber(word);
  const filter = readFilter(options);
  assertOneMode(id, options);
  await using db = readingOnce(await connect(), hint("show", { args: word === undefined ? [] : [word] }));
  const server = await readServer(db);
  const place = { server, catalog: { database: db.database } };
  if (id === undefined) {
    const list = await listJobs(db, filter);
    const text = jobsText(list, Object.keys(filter).length > 1, out.paintResult, out.caller);
    out.result({
      document: jobListDocument(server, db.database, list),
      text: `${heading(place, out.paintResult)}\n\n${text}`,
    });
    return 0;
  }
  const job = await oneJob(db, id);
  // A picture is looked at elsewhere: it names no server and no account.
  const { program } = out.caller;
  const picture = options.svg === undefined ? undefined : drawSvg(job, (each) => formatHint(each, { program }));
  const document = jobDocument(server, db.database, job);
  if (picture !== undefined && options.svg === "-") {
    out.result({ document: { ...document, svg: picture } satisfies JobDocument, text: picture });
    return 0;
  }
  out.result({
    document: { ...document, ...(options.svg === undefined ? {} : { file: options.svg }) } satisfies JobDocument,
    text: `${heading(place, out.paintResult)}\n\n${jobText(job, { ...out.canvas, caller: out.caller })}`,
  });
  if (picture !== undefined && options.svg !== undefined) {
    await writeResult(
      "picture",
      picture,
      { file: options.svg, cwd },
      hint("show", { args: ["JOB"], options: { svg: "FILE" }, note: "a writable file, or - for stdout" }),
    );
    out.note(`the picture is in ${options.svg}`);
  }
  return 0;
}

// --- internal ---

function jobNumber(word: string): number {
  const id = wholeNumber(word);
  if (id !== undefined) return id;
  throw new MigrateError("USAGE", "invalid value for JOB", {
    wanted: `a whole number from 1 to ${HIGHEST_ID}`,
    next: hint("show", { note: "lists the newest jobs" }),
  });
}

async function oneJob(db: Db, id: number): Promise<Job> {
  const job = await readJob(db, id);
  if (job !== undefined) return job;
  throw new MigrateError("USAGE", `job ${id} does not exist`, {
    where: db.database,
    next: hint("show", { note: "lists the newest jobs" }),
  });
}

function readFilter(options: Options): JobFilter {
  const { limit, recipe, status, since, "data-collection": dataCollection } = options;
  return {
    limit: limit === undefined ? DEFAULT_LIMIT : numberOption("--limit", limit),
    ...(dataCollection === undefined ? {} : { dataCollection: numberOption("--data-collection", dataCollection) }),
    ...(recipe === undefined ? {} : { recipe }),
    ...(status === undefined ? {} : { status: status as Status }),
    ...(since === undefined ? {} : { since: moment(since) }),
  };
}

/** Conditions of the list. */
const conditions = ["data-collection", "recipe", "status", "since"] as const;

function assertOneMode(id: number | undefined, options: Options): void {
  if (id === undefined && options.svg !== undefined) {
    throw new MigrateError("USAGE", "--svg needs a JOB: it draws one job", {
      next: hint("show", { args: ["JOB"], options: { svg: "FILE" } }),
    });
  }
  const chosen = conditions.filter((name) => options[name] !== undefined).map((name) => `--${name}`);
  if (id === undefined || chosen.length === 0) return;
  throw new MigrateError(
    "USAGE",
    `${chosen.join(", ")} cannot be combined with JOB: ${chosen.length === 1 ? "it selects" : "they select"} from the list of jobs`,
    {
      next: [
        hint("show", {
          options: Object.fromEntries(conditions.map((name) => [name, options[name]])),
          note: "the list",
        }),
        hint("show", { args: [`${id}`], note: "or the one job" }),
      ],
    },
  );
}

function numberOption(flag: string, value: string): number {
  const number = wholeNumber(value);
  if (number !== undefined) return number;
  throw new MigrateError("USAGE", `invalid value for ${flag}`, {
    found: value,
    wanted: `a whole number from 1 to ${HIGHEST_ID}`,
    next: hint("show", { args: ["--help"] }),
  });
}

function wholeNumber(word: string): number | undefined {
  const number = /^[1-9]\d{0,9}$/.test(word) ? Number(word) : HIGHEST_ID + 1;
  return number <= HIGHEST_ID ? number : undefined;
}

/** As SQL has it. A day begins at midnight; without an offset all of it is UTC, as the list prints it. */
function moment(text: string): string {
  const time = readMoment(text);
  if (time !== undefined) return time.replace("T", " ").replace("Z", "");
  throw new MigrateError("USAGE", "invalid value for --since", {
    found: text,
    wanted: "a day or time in UTC, such as 2026-01-31 or 2026-01-31T12:00; or with an offset, 2026-01-31T12:00+01:00",
    next: hint("show", { options: { since: "2026-01-31" } }),
  });
}
