import type { Finding } from "../migrate/finding.ts";
import type { Verification } from "../migrate/verify.ts";
import type { Plan } from "../plan/read-plan.ts";
import type { Caller } from "./caller.ts";
import { formatNext } from "./format-hint.ts";
import { formatNotVisible, formatNotice } from "./format-notice.ts";
import { type PlaceDocument, placeDocument } from "./place.ts";

export interface VerifyDocument extends PlaceDocument {
  readonly equal: boolean;
  readonly differences: readonly FindingDocument[];
  /** The facility's own additions, allowed differences, and what is skipped. */
  readonly notices: readonly string[];
  /** What this account cannot see: neither equal nor different. */
  readonly notVisible: readonly string[];
}

export interface FindingDocument {
  /** The name of the migration, or of the procedure, row or role. */
  readonly name: string;
  /** What is missing or different, in one sentence. */
  readonly what: string;
  /** The statements or the command that fix it; none if a person has to decide. */
  readonly repair: readonly string[];
}

/** `caller`: how hints call this program. */
export function verifyDocument(
  { server, catalog }: Plan,
  { differences, notices, notVisible }: Verification,
  caller: Caller,
): VerifyDocument {
  return {
    ...placeDocument(server, catalog.database),
    equal: differences.length === 0,
    differences: differences.map((each) => findingDocument(each, caller)),
    notices: notices.map((notice) => formatNotice(notice, caller)),
    notVisible: notVisible.map(formatNotVisible),
  };
}

// --- internal ---

function findingDocument({ name, what, repair }: Finding, caller: Caller): FindingDocument {
  return { name, what, repair: repair.map((next) => formatNext(next, caller)) };
}
