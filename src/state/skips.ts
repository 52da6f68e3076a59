/** What is left as it is on purpose: the journal has the reason, and `status` and `verify` keep showing it. */
import { type Hint, hint, withNote } from "../hint.ts";
import { type Entry, entryOf } from "./journal.ts";
import { parsePrevious } from "./previous.ts";

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

/** The command that leaves these as they are; why is for a person to say. */
export function skipCommand(names: readonly string[], note?: string): Hint<"up"> {
  const skipping = hint("up", { options: { skip: names.join(","), reason: "WHY" } });
  return note === undefined ? skipping : withNote(skipping, note);
}

export function isSkipped({ state, step }: Entry): boolean {
  return state === "skipped" && step === 0;
}

/** Why this migration or repeatable is skipped; undefined where it is not. */
export function reasonOf(entries: readonly Entry[], name: string): Reason | undefined {
  const [kind = name] = name.split("/");
  for (const by of [name, kind]) {
    const entry = entryOf(entries, by, 0);
    if (entry !== undefined && isSkipped(entry))
      return { by, text: parsePrevious<{ reason: string }>(entry).reason ?? "" };
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
