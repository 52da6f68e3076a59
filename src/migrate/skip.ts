/** What is left as it is on purpose: the journal has the reason, and `status` and `verify` keep showing it. */
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { type Entry, entryOf } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import { isRepeatable, repeatKinds } from "./repeat/names.ts";
import { remembered } from "./repeat/recorded.ts";
import type { Survey } from "./survey.ts";
import { allowSkipped } from "./tool-tables.ts";

/** Migrations, repeatables, or kinds of repeatables as a whole. Without a reason they are skipped no longer. */
export interface Skip {
  readonly names: readonly string[];
  readonly reason?: string;
}

export interface Reason {
  /** The name that was skipped: the thing itself, or the kind that it belongs to. */
  readonly by: string;
  readonly text: string;
}

/** Why this migration or repeatable is skipped; undefined where it is not. */
export function reasonOf(entries: readonly Entry[], name: string): Reason | undefined {
  const [kind = name] = name.split("/");
  for (const by of [name, kind]) {
    const entry = entryOf(entries, by, 0);
    if (entry !== undefined && isSkipped(entry))
      return { by, text: remembered<{ reason: string }>(entry).reason ?? "" };
  }
  return undefined;
}

/** The journal as it will be. */
export function applySkip(entries: readonly Entry[], { names, reason }: Skip): Entry[] {
  const others = entries.filter((entry) => !(isSkipped(entry) && names.includes(entry.migration)));
  if (reason === undefined) return others;
  const row = {
    step: 0,
    state: "skipped",
    checksum: null,
    what: "skipped",
    statement: null,
    account: "",
    finishedAt: null,
  } as const;
  const isFree = (name: string) => !others.some((entry) => entry.migration === name && entry.step === 0);
  const previous = JSON.stringify({ reason });
  return [...others, ...names.filter(isFree).map((name) => ({ ...row, migration: name, previous }))];
}

/** Throws USAGE where there is no such name, or it is applied already; or, without a reason, where it is not skipped. */
export function refuseSkip(found: Survey, recorded: readonly Entry[], { names, reason }: Skip): void {
  for (const name of names) refuseName(found, entryOf(recorded, name, 0), name, reason !== undefined);
}

export async function writeSkip(db: Db, ledger: Ledger, { names, reason }: Skip): Promise<void> {
  if (reason !== undefined) await db.run(allowSkipped);
  for (const name of names) {
    if (reason === undefined) await ledger.forgetRow(name, 0);
    else {
      const what = isRepeatable(name) ? "skipped" : "migration";
      const previous = JSON.stringify({ reason });
      await ledger.writeRow({ migration: name, step: 0, what, state: "skipped", checksum: "", previous });
    }
  }
}

// --- internal ---

function isSkipped({ state, step }: Entry): boolean {
  return state === "skipped" && step === 0;
}

function refuseName(found: Survey, entry: Entry | undefined, name: string, isSkipping: boolean): void {
  const known = [
    ...found.migrations.map(({ migration }) => migration.name),
    ...found.repeatables.map((each) => each.name),
    ...repeatKinds,
  ];
  const done = "nothing was changed";
  if (!known.includes(name)) {
    throw new MigrateError("USAGE", `nothing is named ${name}`, {
      wanted: known.filter((each) => each.includes(name)),
      done,
      next: "ispyb-migrate status   # lists the names",
    });
  }
  if (!isSkipping && (entry === undefined || !isSkipped(entry))) {
    throw new MigrateError("USAGE", `${name} is not skipped`, { done, next: "ispyb-migrate status   # says what is" });
  }
  if (isSkipping && entry !== undefined && !isSkipped(entry)) {
    throw new MigrateError("USAGE", `${name} is applied already, and cannot be skipped any more`, {
      found: `${entry.state} ${entry.finishedAt ?? ""}`.trim(),
      done,
      next: `ispyb-migrate down --to ${name}   # takes it back, with all that came after it`,
    });
  }
}
