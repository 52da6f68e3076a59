/**
 * What is brought about after the migrations, and again whenever what is wanted of it changes: a
 * procedure, a row of SchemaStatus, the privileges of a role. Each has one row in the journal, under
 * its own name, with what was there before; that is all that `down` needs.
 */
import { type Difference, formatDifference } from "../catalog/difference.ts";
import type { Entry } from "../state/journal.ts";
import type { RepeatableKind } from "../state/repeatable-names.ts";
import type { Reason } from "../state/skips.ts";
import type { Statement } from "../steps/contract.ts";

/** A repeatable beside the database as it is this moment. */
export interface Repeatable {
  /** `procedures/upsert_processing_job`: in the journal, and for --skip. */
  readonly name: string;
  readonly kind: RepeatableKind;
  /** "procedure upsert_processing_job" */
  readonly title: string;
  /** Of what is wanted here and now. */
  readonly checksum: string;
  readonly live: Live;
}

export type Live =
  | { readonly state: "present" }
  | { readonly state: "absent"; readonly differences: readonly Difference[]; readonly change: Change }
  | Different
  | Hidden
  /** What it stands upon is not there. */
  | { readonly state: "impossible"; readonly found: string };

export interface Different {
  readonly state: "different";
  readonly differences: readonly Difference[];
  readonly change: Change;
  /** In no form that we have recorded: somebody else has a hand in it. */
  readonly edited?: boolean;
  /** Its form as the server itself digests it, for a script. */
  readonly digest?: string;
}

/** This account cannot see it, or not all of it: neither absent nor different. */
export interface Hidden {
  readonly state: "hidden";
  readonly found: string;
  readonly next: string;
  /** Privileges on the database with which it would be seen. */
  readonly needs?: readonly string[];
  /** What makes it if it is not there: for a script that looks for itself. */
  readonly ifAbsent?: Change;
}

/** What makes it as it is wanted. */
export interface Change {
  /** Sent one by one. Between two of them the old one may be gone and the new one not yet there. */
  readonly statements: readonly Statement[];
  /** What `down` needs to put back; JSON in the journal. */
  readonly before: Readonly<Record<string, unknown>>;
  /** What has to survive the change: kept in the journal until the last statement is through. */
  readonly keep?: Readonly<Record<string, unknown>>;
  /** What there is and what is wanted, as a person reads it; `from` is empty where there is nothing. */
  readonly shown: { readonly from: string; readonly to: string };
  /** Privileges on the database that the change needs beyond those of every `up`. */
  readonly needs: readonly string[];
  /** Privileges on the whole server, one of which is enough. */
  readonly global?: readonly string[];
  /** Accounts, `name@host`, in whose name something is created. */
  readonly definers?: readonly string[];
  /** Why this account must not make the change, and what would help. */
  readonly blocked?: { readonly found: string; readonly next: string };
}

/** applied, found, pending, drift: as for migrations. skipped: left as it is on purpose, for a reason that is shown. */
export type RepeatableState = "applied" | "found" | "pending" | "drift" | "skipped" | "hidden" | "impossible";

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
      // In another form when it was recorded, and brought into this one by somebody: that, too, is to be recorded.
      return recorded ? "applied" : isSkipped ? "skipped" : "found";
    case "hidden":
    case "impossible":
      return isSkipped ? "skipped" : live.state;
    case "absent":
      return isSkipped ? "skipped" : recorded ? "drift" : "pending";
    case "different":
      if (isSkipped) return "skipped";
      // In the form that we gave it, and another one is wanted by now: that is ours to change.
      return recorded && (live.edited === true || entry.checksum === checksum) ? "drift" : "pending";
  }
}

/** What `up`, with or without --repair, would bring about or record. */
export function isRepeatableDue({ state }: PlannedRepeatable, repair: boolean): boolean {
  return state === "pending" || state === "found" || (repair && state === "drift");
}

export interface RepeatableUndo {
  /** None where it is gone already. */
  readonly statements: readonly Statement[];
  /** What has to survive: see Change.keep. */
  readonly keep?: Readonly<Record<string, unknown>>;
  /** Privileges on the database, beyond those of every `down`. */
  readonly needs?: readonly string[];
  readonly definers?: readonly string[];
}
/** What `up` would do about repeatables. */

export function dueChanges(repeatables: readonly PlannedRepeatable[], repair: boolean): Change[] {
  return repeatables
    .filter((each) => isRepeatableDue(each, repair))
    .flatMap(({ live }) => ("change" in live ? [live.change] : []));
}
export function differencesOf({ live }: PlannedRepeatable): string[] {
  return "differences" in live ? live.differences.map(formatDifference) : [];
}
