import type { DownResult } from "../migrate/down/down.ts";
import type { DownStep } from "../plan/down-step.ts";
import type { DownRepeatable } from "../repeatables/down.ts";
import { formatNotVisible } from "./format-notice.ts";
import { type PlaceDocument, placeDocument } from "./place.ts";

export interface DownDocument extends PlaceDocument {
  /** Nothing recorded remains; the tool's own tables are dropped, too. */
  readonly everything: boolean;
  /** Procedures, rows of SchemaStatus and privileges that are undone first. */
  readonly repeatables: readonly DownRepeatableDocument[];
  /** Newest first. */
  readonly migrations: readonly DownMigrationDocument[];
  /** Objects of the facility whose text mentions what was removed: "event nightly mentions ProcessingJob". */
  readonly mentions: readonly string[];
  /** What this account cannot see of them, each with the statement that shows it. */
  readonly notVisible: readonly string[];
  /** Names of the undone migrations, the newest first. */
  readonly undone: readonly string[];
  /** The file with the rows that were lost. */
  readonly saved: string | null;
}

/** `done`: created by this tool, and undone. `adopted`: already there when `up` came to it; only its record is deleted. */
type Made = "done" | "adopted";

export interface DownRepeatableDocument {
  readonly name: string;
  readonly made: Made;
  readonly sql: readonly string[];
  /** What is not as before. */
  readonly remains: string | null;
}

export interface DownMigrationDocument {
  readonly name: string;
  readonly steps: readonly DownStepDocument[];
}

export interface DownStepDocument {
  /** Counted from 1. */
  readonly number: number;
  readonly title: string;
  readonly made: Made;
  /** The later step whose statement undoes this one too. */
  readonly undoneWith?: { readonly migration: string; readonly number: number };
  /** Null if there is nothing to send. */
  readonly sql: string | null;
  /** What is lost: "rows of ProcessingJob", and how many. */
  readonly loss: { readonly what: string; readonly rows: number } | null;
  /** What remains. */
  readonly remains: string | null;
}

export function downDocument({ plan, undone, saved }: DownResult): DownDocument {
  return {
    ...placeDocument(plan.server, plan.catalog.database),
    everything: plan.everything,
    repeatables: plan.repeatables.map(repeatableDocument),
    migrations: plan.migrations.map(({ name, steps }) => ({ name, steps: steps.map(stepDocument) })),
    mentions: plan.mentions,
    notVisible: plan.notVisible.map(formatNotVisible),
    undone,
    saved: saved ?? null,
  };
}

export function repeatableDocument({ name, made, remains, statements }: DownRepeatable): DownRepeatableDocument {
  return { name, made, sql: statements.map(({ sql }) => sql), remains: remains ?? null };
}

export function stepDocument({ made, number, title, rows, undo, undoneWith }: DownStep): DownStepDocument {
  return {
    number,
    title,
    made,
    ...(undoneWith === undefined ? {} : { undoneWith: { migration: undoneWith.migration, number: undoneWith.number } }),
    sql: undo?.statement?.sql ?? null,
    loss: undo?.loss === undefined ? null : { what: undo.loss.what, rows },
    remains: undo?.remains ?? null,
  };
}
