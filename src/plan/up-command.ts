import { type Hint, hint } from "../hint.ts";
import type { RoutineSettings } from "../repeatables/procedures/wanted.ts";
import type { Skip } from "../state/skips.ts";

/** The options of an `up` that change its plan. */
export interface UpRequest {
  readonly to?: string;
  readonly repair: boolean;
  readonly allowLate: boolean;
  readonly routines?: RoutineSettings;
  readonly createRoles?: boolean;
  readonly skip?: Skip;
}

/** An `up` without options. */
export const plainUp: UpRequest = { repair: false, allowLate: false };

/** The command that continues a run of this request. */
export function upCommand({ to, repair, allowLate, createRoles = false, routines = {}, skip }: UpRequest): Hint<"up"> {
  const { definer, security } = routines;
  const names = skip?.names.join(",");
  const skipping = skip?.reason === undefined ? { unskip: names } : { skip: names, reason: skip.reason };
  return hint("up", {
    options: {
      to,
      repair,
      "allow-late": allowLate,
      "create-roles": createRoles,
      definer,
      ...skipping,
      "sql-security": security?.toLowerCase(),
    },
  });
}
