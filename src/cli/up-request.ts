/** What `up`, or `plan` in its place, is asked for by the options of the command line. */
import { MigrateError } from "../errors.ts";
import { hint } from "../hint.ts";
import type { Options } from "../options.ts";
import type { UpRequest } from "../plan/up-command.ts";
import type { ProcedureSource } from "../repeatables/procedures/source.ts";
import type { Skip } from "../state/skips.ts";
import { lockTimeout } from "./lock-timeout.ts";
import { planOptions } from "./plan-options.ts";
import { readRehearsal } from "./rehearsal.ts";

type Asked = UpRequest & { readonly procedures: readonly ProcedureSource[]; readonly lockTimeout?: number };

/** `command`: the one whose options these are. Throws USAGE. */
export async function upRequest(options: Options, command: "plan" | "up", cwd: string): Promise<Asked> {
  const skip = skipOf(options, command);
  return {
    ...(options.to === undefined ? {} : { to: options.to }),
    ...(await planOptions(options)),
    ...(await readRehearsal(options, cwd)),
    ...(skip === undefined ? {} : { skip }),
    repair: options.repair,
    allowLate: options["allow-late"],
    onReplica: options["on-replica"],
    allowStall: options["allow-stall"],
    ...lockTimeout(options),
  };
}

// --- internal ---

/** Nothing is skipped without a reason. */
function skipOf({ skip, reason, unskip }: Options, command: "plan" | "up"): Skip | undefined {
  const usage = (what: string) =>
    new MigrateError("USAGE", what, {
      done: "nothing was changed",
      next: [
        hint(command, { options: { skip: "NAME", reason: "WHY" }, note: "skips it" }),
        hint(command, { options: { unskip: "NAME" }, note: "applies it after all" }),
      ],
    });
  if (skip !== undefined && unskip !== undefined) throw usage("--skip and --unskip cannot be used together");
  if (unskip !== undefined) return { names: namesOf(unskip) };
  if (skip === undefined && reason === undefined) return undefined;
  if (skip === undefined || reason === undefined) throw usage("--skip and --reason must be used together");
  if (reason.trim() === "") throw usage("--reason is empty: --skip needs a reason");
  return { names: namesOf(skip), reason };
}

function namesOf(lists: readonly string[]): string[] {
  return lists.flatMap((list) => list.split(",")).map((name) => name.trim());
}
