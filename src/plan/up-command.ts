import { shellWord } from "../db/client-command.ts";
import type { RoutineSettings } from "../repeatables/procedures/wanted.ts";
import type { Skip } from "../state/skips.ts";

/** What `up` was asked for in so many words. */
export interface UpRequest {
  readonly to?: string;
  readonly repair: boolean;
  readonly allowLate: boolean;
  readonly routines?: RoutineSettings;
  readonly createRoles?: boolean;
  readonly skip?: Skip;
}

export const plain: UpRequest = { repair: false, allowLate: false };
function formatSkip({ names, reason }: Skip): string {
  const list = names.map(shellWord).join(",");
  return reason === undefined ? `--unskip ${list}` : `--skip ${list} --reason ${shellWord(reason)}`;
}

/** The command that goes on where such a run was stopped. */
export function upCommand({ to, repair, allowLate, createRoles = false, routines = {}, skip }: UpRequest): string {
  const { definer, security } = routines;
  return [
    "ispyb-migrate up",
    ...(to === undefined ? [] : [`--to ${to}`]),
    ...(repair ? ["--repair"] : []),
    ...(allowLate ? ["--allow-late"] : []),
    ...(createRoles ? ["--create-roles"] : []),
    ...(definer === undefined ? [] : [`--definer ${shellWord(definer)}`]),
    ...(skip === undefined ? [] : [formatSkip(skip)]),
    ...(security === undefined ? [] : [`--sql-security ${security.toLowerCase()}`]),
  ].join(" ");
}
