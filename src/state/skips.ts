/** What is skipped on purpose: the journal has the reason, and `status` and `verify` show it. */
import { type Hint, hint, withNote } from "../hint.ts";
import { type Entry, entryOf } from "./journal.ts";
import { parsePrevious } from "./previous.ts";

/** Migrations, repeatables, or whole kinds of repeatables. Without a reason they are no longer skipped. */
export interface Skip {
  readonly names: readonly string[];
  readonly reason?: string;
}

export interface Reason {
  /** The skipped name: its own, or that of its kind. */
  readonly by: string;
  readonly text: string;
}

/** The command that skips these; a person has to give the reason. */
export function skipCommand(names: readonly string[], note?: string): Hint<"up"> {
  const skipping = hint("up", { options: { skip: names.join(","), reason: "WHY" } });
  return note === undefined ? skipping : withNote(skipping, note);
}

export function isSkipped({ state, step }: Entry): boolean {
  return state === "skipped" && step === 0;
}

/** The reason why this migration or repeatable is skipped; undefined if it is not. */
export function reasonOf(entries: readonly Entry[], name: string): Reason | undefined {
  const [kind = name] = name.split("/");
  for (const by of [name, kind]) {
    const entry = entryOf(entries, by, 0);
    if (entry !== undefined && isSkipped(entry))
      return { by, text: parsePrevious<{ reason: string }>(entry).reason ?? "" };
  }
  return undefined;
}

/** A row as a whole that records nothing done: a skip replaces it. */
function isLeftAside(entry: Entry): boolean {
  return isSkipped(entry) || (entry.step === 0 && entry.state === "not done");
}

/** The journal as it will be after this skip. */
export function applySkip(entries: readonly Entry[], { names, reason }: Skip): Entry[] {
  const others = entries.filter((entry) => !(isLeftAside(entry) && names.includes(entry.migration)));
  if (reason === undefined) return others;
  const row = {
    step: 0,
    state: "skipped",
    checksum: null,
    what: "skipped",
    statement: null,
    measured: null,
    account: "",
    finishedAt: null,
  } as const;
  const isFree = (name: string) => !others.some((entry) => entry.migration === name && entry.step === 0);
  const previous = JSON.stringify({ reason });
  return [...others, ...names.filter(isFree).map((name) => ({ ...row, migration: name, previous }))];
}
