import { type Work, roundSeconds } from "../state/measured.ts";
import type { UpResult } from "../migrate/up.ts";
import type { Caller } from "./caller.ts";
import { formatNotVisible, formatNotice } from "./format-notice.ts";
import { type PlaceDocument, placeDocument } from "./place.ts";

export interface UpDocument extends PlaceDocument {
  /** Names of the migrations that this run recorded. */
  readonly recorded: readonly string[];
  /** Names of the procedures, rows of SchemaStatus and privileges that followed. */
  readonly repeatables: readonly string[];
  /** Statements of migrations that were sent, and how long they worked: a rehearsal for --rehearsal. */
  readonly statements: readonly UpStatement[];
  /** The facility's own additions, older forms that clients accept, what is skipped, and nodes that were not looked at. */
  readonly notices: readonly string[];
  /** What this account cannot see. */
  readonly notVisible: readonly string[];
}

export interface UpStatement {
  readonly sql: string;
  /** The steps that it made. */
  readonly steps: readonly { readonly migration: string; readonly number: number }[];
  /** What the server did to the table. */
  readonly work: Work;
  /** Seconds, without the waits for locks. */
  readonly seconds: number;
  /** The table that decides how long it takes, as it was before; of a fill, the rows that got a value. */
  readonly reads: { readonly table: string; readonly rows: number; readonly bytes: number } | null;
}

/** `caller`: how hints call this program. */
export function upDocument(
  { before, recorded, repeatables, statements, verification }: UpResult,
  caller: Caller,
): UpDocument {
  return {
    ...placeDocument(before.server, before.catalog.database),
    recorded,
    repeatables,
    statements: statements.map(({ reads = null, seconds, sql, steps, work }) => ({
      sql,
      steps: steps.map(({ migration, number }) => ({ migration, number })),
      work,
      seconds: roundSeconds(seconds),
      reads,
    })),
    notices: verification.notices.map((notice) => formatNotice(notice, caller)),
    notVisible: verification.notVisible.map(formatNotVisible),
  };
}
