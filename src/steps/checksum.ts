import { createHash } from "node:crypto";
import type { Step } from "./step.ts";

/** Stored with every checksum. An algorithm is never changed; a new one gets a new name. */
const algorithm = "steps-1";

/** Checksum of what a migration does, without its prose: the same for a .ts file and the .js built from it. */
export function checksum(steps: readonly Step[]): string {
  return `${algorithm}:${createHash("sha256")
    .update(JSON.stringify(canonical(steps.map(counted))))
    .digest("hex")}`;
}

/** Of a statement in a .sql file: its text and settings. What else is known of it is told from the text, or may be added later. */
function counted(step: Step): unknown {
  if (step.kind !== "sqlStatement") return step;
  const { kind, session, sql } = step;
  return { kind, session, sql };
}

/**
 * Sorts keys and leaves out comments, so that neither formatting nor wording counts. In lookup rows a comment is a
 * column like any other.
 */
function canonical(value: unknown, isRow = false): unknown {
  if (Array.isArray(value)) return value.map((each) => canonical(each, isRow));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key, held]) => held !== undefined && (isRow || key !== "comment"));
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, held]) => [key, canonical(held, key === "rows")]),
  );
}
