import type { Finding } from "../migrate/finding.ts";
import type { Verification } from "../migrate/verify.ts";
import type { Plan } from "../plan/read-plan.ts";
import type { Caller } from "./caller.ts";
import { formatNext } from "./format-hint.ts";
import { formatNotVisible, formatNotice } from "./format-notice.ts";
import { type PlaceDocument, type ServerDocument, placeDocument, serverDocument } from "./place.ts";

export interface VerifyDocument extends PlaceDocument {
  readonly equal: boolean;
  readonly differences: readonly FindingDocument[];
  /** The facility's own additions, allowed differences, what is skipped, and nodes that were not looked at. */
  readonly notices: readonly string[];
  /** What this account cannot see: neither equal nor different. */
  readonly notVisible: readonly string[];
  /** The other nodes that were compared with this one. */
  readonly nodes: readonly NodeDocument[];
}

export interface NodeDocument {
  /** Host and port, as in `differences`. */
  readonly name: string;
  readonly server: ServerDocument;
  readonly equal: boolean;
}

export interface FindingDocument {
  /** The other node that it is about; left out: the server that this answer is about. */
  readonly node?: string;
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
  { differences, nodes, notices, notVisible }: Verification,
  caller: Caller,
): VerifyDocument {
  return {
    ...placeDocument(server, catalog.database),
    equal: differences.length === 0,
    differences: differences.map((each) => findingDocument(each, caller)),
    notices: notices.map((notice) => formatNotice(notice, caller)),
    notVisible: notVisible.map(formatNotVisible),
    nodes: nodes.map((each) => ({
      name: each.name,
      server: serverDocument(each.server),
      equal: each.differences.length === 0,
    })),
  };
}

// --- internal ---

function findingDocument({ node, name, what, repair }: Finding, caller: Caller): FindingDocument {
  const about = { name, what, repair: repair.map((next) => formatNext(next, caller)) };
  return node === undefined ? about : { node, ...about };
}
