/**
 * A repeatable is written after the migrations, and again whenever its wanted form changes: a procedure, a row of
 * SchemaStatus, the privileges of a role. Each has one journal row under its own name, with the earlier form. `down`
 * needs nothing more.
 */
import type { NamedAccounts } from "../access/definers.ts";
import { type Difference, formatDifference } from "../catalog/difference.ts";
import type { Entry } from "../state/journal.ts";
import type { RepeatableKind } from "../state/repeatable-names.ts";
import type { Reason } from "../state/skips.ts";
import type { Statement } from "../steps/contract.ts";
import type { RunsAs } from "./runs-as.ts";

/** A repeatable compared with the database as it is now. */
export interface Repeatable {
  /** `procedures/upsert_processing_job`: its name in the journal and for --skip. */
  readonly name: string;
  readonly kind: RepeatableKind;
  /** "procedure upsert_processing_job" */
  readonly title: string;
  /** Checksum of the wanted form in this database. */
  readonly checksum: string;
  readonly live: Live;
  /** Of a procedure: the account that its calls run as. */
  readonly runsAs?: RunsAs;
}

export type Live =
  | { readonly state: "present" }
  | { readonly state: "absent"; readonly differences: readonly Difference[]; readonly change: Change }
  | Different
  | Hidden
  /** It requires something that does not exist. */
  | { readonly state: "impossible"; readonly problem: string; readonly missing: readonly string[] };

export interface Different {
  readonly state: "different";
  readonly differences: readonly Difference[];
  readonly change: Change;
  /** True if its form is not the recorded one: it was changed by hand. */
  readonly edited?: boolean;
  /** The server's digest of its form, for a script. */
  readonly digest?: string;
}

/** This account cannot see it, or only a part of it. It counts neither as absent nor as different. */
export interface Hidden {
  readonly state: "hidden";
  readonly problem: string;
  /** The statement that shows it to this account, or several, one a line. */
  readonly next: string;
  /** Privileges on the database that would show it. */
  readonly needs?: readonly string[];
  /** The change to run if it is absent, for a script that checks this itself. */
  readonly ifAbsent?: Change;
}

/** Brings a repeatable into its wanted form. */
export interface Change {
  /** Sent one by one. Between two of them the old form may be dropped and the new one not yet created. */
  readonly statements: readonly Statement[];
  /** What `down` has to restore; JSON in the journal. */
  readonly before: Readonly<Record<string, unknown>>;
  /** What must survive the change: kept in the journal until the last statement has run. */
  readonly keep?: Readonly<Record<string, unknown>>;
  /** The existing form and the wanted one, for a person to read. `from` is empty if nothing exists. */
  readonly shown: { readonly from: string; readonly to: string };
  /** What callers meet while it is replaced, where the server has no statement that replaces it at once. */
  readonly callers?: string;
  /** Privileges on the database that the change needs in addition to those of every `up`. */
  readonly needs: readonly string[];
  /** Privileges on the whole server; one of them is enough. */
  readonly global?: readonly string[];
  /** The accounts that the statements name. */
  readonly accounts?: NamedAccounts;
  /** Why this account must not run the change, and what would help. */
  readonly blocked?: { readonly problem: string; readonly next: string };
}

/** applied, unrecorded, pending, drift: as for migrations. skipped: left unchanged on purpose; the reason is shown. */
export type RepeatableState = "applied" | "unrecorded" | "pending" | "drift" | "skipped" | "hidden" | "impossible";

export interface PlannedRepeatable extends Repeatable {
  readonly state: RepeatableState;
  readonly entry?: Entry;
  readonly reason?: Reason;
}

export function planRepeatable(repeatable: Repeatable, entry: Entry | undefined, reason?: Reason): PlannedRepeatable {
  return {
    ...repeatable,
    state: stateOf(repeatable, entry, reason !== undefined),
    ...(entry === undefined ? {} : { entry }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function stateOf({ live, checksum }: Repeatable, entry: Entry | undefined, isSkipped: boolean): RepeatableState {
  const recorded = entry?.state === "done" || entry?.state === "found";
  switch (live.state) {
    case "present":
      // If it is recorded in another form and was changed into this one by hand, the new form is recorded, too.
      return isSkipped ? "skipped" : recorded ? "applied" : "unrecorded";
    case "hidden":
    case "impossible":
      return isSkipped ? "skipped" : live.state;
    case "absent":
      return isSkipped ? "skipped" : recorded ? "drift" : "pending";
    case "different":
      if (isSkipped) return "skipped";
      // It still has the form that we gave it, and another one is wanted now: we may change it.
      return recorded && (live.edited === true || entry.checksum === checksum) ? "drift" : "pending";
  }
}

/** Whether `up`, with or without --repair, would write or record it. */
export function isRepeatableDue({ state }: PlannedRepeatable, repair: boolean): boolean {
  return state === "pending" || state === "unrecorded" || (repair && state === "drift");
}

export interface RepeatableUndo {
  /** Empty if it is already gone. */
  readonly statements: readonly Statement[];
  /** What must survive: see Change.keep. */
  readonly keep?: Readonly<Record<string, unknown>>;
  /** What is not as before, in one sentence. */
  readonly remains?: string;
  /** Privileges on the database, in addition to those of every `down`. */
  readonly needs?: readonly string[];
  /** Privileges on the whole server; one of them is enough. */
  readonly global?: readonly string[];
  readonly accounts?: NamedAccounts;
}

/** The changes to repeatables that `up` would run. */
export function dueChanges(repeatables: readonly PlannedRepeatable[], repair: boolean): Change[] {
  return repeatables
    .filter((each) => isRepeatableDue(each, repair))
    .flatMap(({ live }) => ("change" in live ? [live.change] : []));
}

/** What callers meet while this is replaced; undefined if they notice nothing. */
export function blockedBy({ live }: Repeatable): string | undefined {
  return "change" in live ? live.change.callers : undefined;
}

/** Differences between the live and the wanted form, as sentences; empty where nothing is compared. */
export function differencesOf({ live }: PlannedRepeatable): string[] {
  return "differences" in live ? live.differences.map(formatDifference) : [];
}
