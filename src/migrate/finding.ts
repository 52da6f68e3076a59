import type { Difference } from "../catalog/difference.ts";
import type { Next } from "../hint.ts";

export interface Finding {
  /** The other node that differs from the one that --url names: `db2:3306`. Left out: it is about that one. */
  readonly node?: string;
  /** Name of the migration, procedure, row or role; of another node also a table or other object. */
  readonly name: string;
  /** What is missing or different, in one sentence. */
  readonly what: string;
  /** The statements or the command that fix it; none if a person has to decide. */
  readonly repair: readonly Next[];
}

/** A finding, and what it was made from. */
export interface Found extends Finding {
  readonly difference?: Difference;
}
