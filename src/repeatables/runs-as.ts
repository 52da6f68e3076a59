/** The account that calls of a procedure run as. */
import type { Need } from "../access/definer-rights.ts";

export interface RunsAs {
  /** The DEFINER that it has, `name@host`; undefined if the procedure is new. */
  readonly before?: string;
  /** That account does not exist. */
  readonly isGone: boolean;
  /** The DEFINER that it keeps, or gets. */
  readonly after: string;
  /** What that account certainly lacks. */
  readonly lacks: readonly Need[];
  /** The GRANT with which it lacks nothing for any procedure. */
  readonly grant?: string;
  /** This account cannot see what that account may do. */
  readonly isUnseen: boolean;
}
