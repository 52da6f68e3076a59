import type { Difference } from "../catalog/difference.ts";
import { isUpToDate } from "../plan/due.ts";
import type { MigrationState, MissingMigration, PlannedMigration } from "../plan/plan.ts";
import type { Plan } from "../plan/read-plan.ts";
import { liesAside } from "../plan/set-aside.ts";
import { formatPowerless, powerlessNow } from "../repeatables/definers.ts";
import type { PlannedRepeatable, RepeatableState } from "../repeatables/repeatable.ts";
import type { EntryState } from "../state/journal.ts";
import type { LeaseHolder } from "../state/lease-holder.ts";
import type { Verdict } from "../steps/contract.ts";
import { type PlaceDocument, placeDocument } from "./place.ts";
import { type RecordedDocument, recordedDocument } from "./recorded.ts";

export interface StatusDocument extends PlaceDocument {
  readonly upToDate: boolean;
  readonly migrations: readonly StatusMigration[];
  readonly repeatables: readonly StatusRepeatable[];
  /** What accounts lack that procedures run as: "keeper@% lacks EXECUTE on 21 procedures"; calls fail. */
  readonly powerless: readonly string[];
  /** Recorded, but without a file. */
  readonly missing: readonly MissingMigration[];
  /** Steps whose table or column a stopped `down` has set aside. */
  readonly aside: readonly string[];
  /** The holder of the lease; null if no run holds it. */
  readonly lease: LeaseHolder | null;
}

export interface StatusMigration {
  readonly name: string;
  /** The file of a facility's own migration; null for one of this tool. */
  readonly file: string | null;
  readonly state: MigrationState;
  /** Not recorded, although a later one is. */
  readonly late: boolean;
  readonly recorded: RecordedDocument | null;
  readonly steps: readonly StatusStep[];
}

export interface StatusStep {
  /** Counted from 1. */
  readonly number: number;
  readonly title: string;
  /** What the schema shows, as the steps before will have left it. */
  readonly catalog: Verdict["state"];
  readonly journal: EntryState | null;
}

/** A procedure, a row of SchemaStatus, or the privileges of a role. */
export interface StatusRepeatable {
  readonly name: string;
  readonly state: RepeatableState;
  /** Why it is skipped. */
  readonly reason?: string;
  readonly recorded: RecordedDocument | null;
  readonly differences: readonly Difference[];
}

export function statusDocument(plan: Plan): StatusDocument {
  return {
    ...placeDocument(plan.server, plan.catalog.database),
    upToDate: isUpToDate(plan),
    migrations: plan.migrations.map(migrationDocument),
    repeatables: plan.repeatables.map(repeatableDocument),
    powerless: powerlessNow(plan.repeatables).map(formatPowerless),
    missing: plan.missing,
    aside: titlesAside(plan),
    lease: plan.lease ?? null,
  };
}

/** The steps whose table or column a stopped `down` has set aside; it is missing for users. */
function titlesAside({ catalog, migrations }: Plan): string[] {
  return migrations.flatMap(({ steps }) =>
    steps.filter(({ step }) => liesAside(step, catalog)).map(({ title }) => title),
  );
}

// --- internal ---

function migrationDocument({ migration, state, late, entry, steps }: PlannedMigration): StatusMigration {
  return {
    name: migration.name,
    file: migration.file ?? null,
    state,
    late,
    recorded: recordedDocument(entry),
    steps: steps.map((step) => ({
      number: step.number,
      title: step.title,
      catalog: step.verdict.state,
      journal: step.entry?.state ?? null,
    })),
  };
}

function repeatableDocument({ name, state, reason, entry, live }: PlannedRepeatable): StatusRepeatable {
  return {
    name,
    state,
    ...(reason === undefined ? {} : { reason: reason.text }),
    recorded: recordedDocument(entry),
    differences: "differences" in live ? live.differences : [],
  };
}
