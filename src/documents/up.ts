import type { UpResult } from "../migrate/up.ts";
import type { Caller } from "./caller.ts";
import { formatNotVisible, formatNotice } from "./format-notice.ts";
import { type PlaceDocument, placeDocument } from "./place.ts";

export interface UpDocument extends PlaceDocument {
  /** Names of the migrations that this run recorded. */
  readonly recorded: readonly string[];
  /** Names of the procedures, rows of SchemaStatus and privileges that followed. */
  readonly repeatables: readonly string[];
  /** The facility's own additions, older forms that clients accept, and what is skipped. */
  readonly notices: readonly string[];
  /** What this account cannot see. */
  readonly notVisible: readonly string[];
}

/** `caller`: how hints call this program. */
export function upDocument({ before, recorded, repeatables, verification }: UpResult, caller: Caller): UpDocument {
  return {
    ...placeDocument(before.server, before.catalog.database),
    recorded,
    repeatables,
    notices: verification.notices.map((notice) => formatNotice(notice, caller)),
    notVisible: verification.notVisible.map(formatNotVisible),
  };
}
