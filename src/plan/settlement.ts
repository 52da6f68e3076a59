/** What `accept NAME` and `forget NAME` would write into the journal: pure, no server is asked. */
import { MigrateError } from "../errors.ts";
import { type Next, hint } from "../hint.ts";
import { plural } from "../plural.ts";
import { ADOPTED, type Entry, FORGOTTEN, type JournalRow, isRecorded, wholeEntry } from "../state/journal.ts";
import { parsePrevious } from "../state/previous.ts";
import type { PlannedMigration, PlannedStep } from "./plan.ts";
import type { Plan } from "./read-plan.ts";
import { lackingSource, passAgain } from "./lacking-source.ts";
import { unknownSteps } from "./unknown.ts";

/** accept: what is there now counts. forget: the record no longer counts. */
export type How = "accept" | "forget";

export interface SettlementRequest {
  readonly name: string;
  readonly how: How;
  readonly reason: string;
}

/**
 * unknown: statements that were cut off. edited: the file is not as it was applied. gone: recorded, and without a file.
 * renamed: its file has another name now.
 */
export type Matter = "unknown" | "edited" | "gone" | "renamed";

export interface Settlement {
  readonly name: string;
  readonly how: How;
  readonly matter: Matter;
  /** What it means, in one sentence about the time after it. */
  readonly what: string;
  /** Steps whose rows are deleted first, with their migration. */
  readonly deleted: readonly Pick<Entry, "migration" | "step">[];
  readonly rows: readonly JournalRow[];
}

/** Throws USAGE if there is nothing of the kind to settle. */
export function settlementOf(plan: Plan, request: SettlementRequest): Settlement {
  const { name, how } = request;
  const planned = plan.migrations.find(({ migration }) => migration.name === name);
  const unknown = planned === undefined ? [] : unknownSteps([planned]);
  if (unknown.length > 0) return ofUnknown(unknown, request);
  if (planned?.state === "edited" && how === "accept") return ofEdited(planned, plan.context.recorded, request);
  const missing = plan.missing.find((each) => each.name === name);
  if (missing !== undefined && how === "forget") return ofGone(plan.context.recorded, request);
  if (missing?.renamedTo !== undefined) return ofRenamed(plan.context.recorded, missing.renamedTo, request);
  const lost = missing === undefined ? undefined : lackingSource(plan, name);
  const other =
    lost === undefined ? settlableBy(planned?.state === "edited", missing !== undefined, name) : [passAgain(name)];
  throw new MigrateError("USAGE", `there is nothing to ${how} about ${name}`, {
    found: whatThereIs(planned, missing === undefined ? undefined : (lost ?? "its file is missing")),
    wanted:
      how === "accept"
        ? "an edited migration; the old name of a renamed one; or a migration with an interrupted statement"
        : "a migration whose file is gone, or one with an interrupted statement",
    done: "nothing was changed",
    next: [...other, hint("status", { note: "shows each migration and its state" })],
  });
}

// --- internal ---

function whatThereIs(planned: PlannedMigration | undefined, missing: string | undefined): string {
  return missing ?? (planned === undefined ? "no such migration" : `it is ${planned.state}`);
}

/** The command that does settle it. */
function settlableBy(isEdited: boolean, isMissing: boolean, name: string): Next[] {
  if (!isEdited && !isMissing) return [];
  return [hint(isEdited ? "accept" : "forget", { args: [name], options: { reason: "WHY" } })];
}

function ofUnknown(steps: readonly PlannedStep[], { name, how, reason }: SettlementRequest): Settlement {
  const state = how === "accept" ? "done" : "not done";
  const effect = how === "accept" ? "done" : "not done; the next `up` will send it again";
  return {
    name,
    how,
    matter: "unknown",
    what: `will record ${steps.map(({ number, title }) => `step ${number} (${title})`).join(", ")} as ${effect}`,
    deleted: [],
    rows: steps.map(({ checksum, migration, number, title, entry }) => ({
      migration,
      step: number,
      what: title,
      state,
      checksum,
      previous: JSON.stringify({ ...parsePrevious(entry), [how]: reason }),
    })),
  };
}

/** The steps that are as they were keep their records; others that are there are recorded as already there. */
function ofEdited(
  { migration, steps }: PlannedMigration,
  journal: readonly Entry[],
  { name, how, reason }: SettlementRequest,
): Settlement {
  const old = journal.filter((entry) => entry.migration === name && entry.step > 0);
  const left = new Set(old.filter(isRecorded));
  const rows = steps.flatMap((step): JournalRow[] => {
    const same = [...left].find((entry) => entry.checksum === step.checksum);
    if (same !== undefined) left.delete(same);
    if (same !== undefined) return [rowOf(same, { step: step.number, what: step.title, checksum: step.checksum })];
    if (step.verdict.state !== "present") return [];
    return [{ migration: name, step: step.number, what: step.title, state: ADOPTED, checksum: step.checksum }];
  });
  const isWhole = wholeEntry(journal, name) !== undefined && rows.length === steps.length;
  const isAdopted = rows.every(({ state }) => state === ADOPTED);
  const state = isAdopted ? ADOPTED : "done";
  const unchanged = rows.filter(({ checksum }) => old.some((entry) => entry.checksum === checksum)).length;
  const changed = rows.length - unchanged;
  const still = steps.length - rows.length;
  return {
    name,
    how,
    matter: "edited",
    what: [
      "from now on this file counts as the applied one",
      ...(unchanged === 0
        ? []
        : [`${plural(unchanged, "unchanged step")} will keep ${unchanged === 1 ? "its record" : "their records"}`]),
      ...(changed === 0
        ? []
        : [
            `${plural(changed, "changed step")} will count as already there: \`down\` will not undo ${changed === 1 ? "it" : "them"}`,
          ]),
      ...(still === 0 ? [] : [`${plural(still, "step")} will be pending`]),
    ].join("; "),
    deleted: old,
    rows: [
      ...rows,
      {
        migration: name,
        step: 0,
        what: "migration",
        state: isWhole ? state : "not done",
        checksum: migration.checksum,
        previous: JSON.stringify({ accept: reason }),
      },
    ],
  };
}

/** Its steps stay recorded: if the file comes back, they count again. */
function ofGone(journal: readonly Entry[], { name, how, reason }: SettlementRequest): Settlement {
  const whole = journal.find((entry) => entry.migration === name && entry.step === 0);
  return {
    name,
    how,
    matter: "gone",
    what: "this tool will no longer look for its file; what it made stays, and `down` will not undo it",
    deleted: [],
    rows: [
      {
        migration: name,
        step: 0,
        what: FORGOTTEN,
        state: "not done",
        checksum: whole?.checksum ?? "",
        previous: JSON.stringify({ forget: reason }),
      },
    ],
  };
}

function ofRenamed(journal: readonly Entry[], renamedTo: string, { name, how, reason }: SettlementRequest): Settlement {
  const old = journal.filter((entry) => entry.migration === name);
  const steps = old.filter(({ step }) => step > 0);
  const whole = old.filter(({ step }) => step === 0);
  return {
    name,
    how,
    matter: "renamed",
    what: `its records will belong to ${renamedTo}`,
    deleted: old,
    rows: [
      ...steps.map((entry) => rowOf(entry, { migration: renamedTo })),
      ...whole.map((entry) => ({
        ...rowOf(entry, { migration: renamedTo }),
        previous: JSON.stringify({ accept: reason, was: name }),
      })),
    ],
  };
}

function rowOf(
  { migration, step, what, state, checksum, statement, previous }: Entry,
  changed: Partial<JournalRow>,
): JournalRow {
  return {
    migration,
    step,
    what,
    state,
    checksum: checksum ?? "",
    ...(statement === null ? {} : { statement }),
    ...(previous === null ? {} : { previous }),
    ...changed,
  };
}
