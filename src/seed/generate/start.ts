/** Starts a run: reserves ids and writes a record, or resumes where an earlier run was stopped. */
import { plural } from "../../plural.ts";
import type { Db } from "../../db/db.ts";
import { MigrateError } from "../../errors.ts";
import { hint } from "../../hint.ts";
import { serverTime } from "../requirements.ts";
import type { Amount } from "./content/amount.ts";
import { Random } from "./content/random.ts";
import { FORM, type Generated, generatedName, readGenerated, writeGenerated } from "./generated-jobs.ts";
import { reserve } from "./reserve-ids.ts";

export interface GenerateRequest {
  readonly jobs: number;
  readonly randomSeed: number;
  readonly at?: string | undefined;
}

/** The random generator for what happens at the beamline. */
export function shapesOf(randomSeed: number): Random {
  return Random.of(randomSeed, 0);
}

/** The random generator for the values of rows: separate, so that counting rows does not need it. */
export function detailsOf(randomSeed: number): Random {
  return Random.of(randomSeed, 1);
}

/**
 * The record of an earlier run of this random seed; undefined if there is none. Throws USAGE if it differs from the
 * request, and CONFLICT if it cannot continue.
 */
export async function begun(db: Db, { at, jobs, randomSeed }: GenerateRequest): Promise<Generated | undefined> {
  const name = generatedName(randomSeed);
  const earlier = await readGenerated(db, name);
  if (earlier === undefined) return undefined;
  const refuse = (code: "USAGE" | "CONFLICT", what: string, words: string) =>
    new MigrateError(code, what, {
      where: `${name} in ${db.database}`,
      found: words,
      done: "no row was written",
      next: [
        hint("seed", { args: ["remove", name], note: "deletes those jobs" }),
        hint("seed", {
          args: ["generate", `${jobs}`],
          options: { "random-seed": "N", at },
          note: "generates other jobs",
        }),
      ],
    });
  if (earlier.state === "removing")
    throw refuse("CONFLICT", `the removal of ${name} has started`, "some of its rows are already deleted");
  if (earlier.jobs !== jobs) {
    const words = `it was started for ${plural(earlier.jobs, "job")}, ${earlier.progress.jobs} of them written`;
    throw refuse("USAGE", `random seed ${randomSeed} was already used for another number of jobs`, words);
  }
  if (at !== undefined && at !== earlier.at) {
    throw refuse("USAGE", `${name} was started with another --at`, `--at "${earlier.at}"`);
  }
  if (earlier.state === "writing" && earlier.form !== FORM) {
    throw refuse("CONFLICT", `another version of this tool started ${name}`, "this version generates other rows");
  }
  return earlier;
}

/** Reserves ids and records them, before the first row. */
export async function beginGenerating(
  db: Db,
  { at, jobs, randomSeed }: GenerateRequest,
  amount: Amount,
): Promise<Generated> {
  const first = await reserve(db, amount.rows);
  const generated: Generated = {
    name: generatedName(randomSeed),
    form: FORM,
    state: "writing",
    jobs,
    at: at ?? (await serverTime(db)),
    ranges: { first, ...amount },
    progress: {
      jobs: 0,
      samples: 0,
      next: first,
      shapes: shapesOf(randomSeed).state,
      details: detailsOf(randomSeed).state,
    },
  };
  await writeGenerated(db, generated);
  return generated;
}
