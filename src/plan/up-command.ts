import { type Hint, hint } from "../hint.ts";
import type { RoutineSettings } from "../repeatables/procedures/wanted.ts";
import type { Rehearsal } from "./rehearsal.ts";
import type { Skip } from "../state/skips.ts";

/** The options of an `up` that change its plan. */
export interface UpRequest {
  /** The last migration to apply. */
  readonly to?: string;
  /** Creates again what the journal records and the catalog lacks. */
  readonly repair: boolean;
  /** Also applies migrations that sort before applied ones. */
  readonly allowLate: boolean;
  /** How procedures are created. */
  readonly routines?: RoutineSettings;
  /** Creates roles that do not exist. */
  readonly createRoles?: boolean;
  /** The server may be a replica. */
  readonly onReplica?: boolean;
  /** Others may be blocked for long. */
  readonly allowStall?: boolean;
  /** How long statements took on a copy. */
  readonly rehearsal?: Rehearsal;
  /** What to skip from now on, or to stop skipping. */
  readonly skip?: Skip;
}

/** An `up` without options. */
export const plainUp: UpRequest = { repair: false, allowLate: false };

/** The command that continues a run of this request. */
export function upCommand(request: UpRequest): Hint<"up"> {
  return hint("up", { options: optionsOf(request) });
}

/** The command that shows what such a run would do. */
export function planCommand(request: UpRequest): Hint<"plan"> {
  return hint("plan", { options: optionsOf(request) });
}

// --- internal ---

function optionsOf(request: UpRequest) {
  const { to, repair, allowLate, onReplica, allowStall, createRoles = false, rehearsal, routines = {}, skip } = request;
  const { definer, security } = routines;
  const names = skip?.names.join(",");
  const skipping = skip?.reason === undefined ? { unskip: names } : { skip: names, reason: skip.reason };
  return {
    to,
    repair,
    "allow-late": allowLate,
    "on-replica": onReplica,
    "allow-stall": allowStall,
    rehearsal: rehearsal?.file,
    "create-roles": createRoles,
    definer,
    ...skipping,
    "sql-security": security?.toLowerCase(),
  };
}
