/** What `down`, or `plan --down` in its place, is asked for by the options of the command line. */
import { resolve } from "node:path";
import { MigrateError } from "../errors.ts";
import { loadAllMigrations } from "../facility/load.ts";
import { hint } from "../hint.ts";
import type { DownRequested } from "../migrate/down/look.ts";
import type { Options } from "../options.ts";
import type { Until } from "../plan/down-targets.ts";
import type { CommandContext } from "./command-context.ts";
import { lockTimeout } from "./lock-timeout.ts";

/** `command`: the one whose options these are. Throws USAGE. */
export async function downRequest(
  { cwd, options }: Pick<CommandContext, "cwd" | "options">,
  command: "plan" | "down",
): Promise<DownRequested & { readonly lockTimeout?: number }> {
  return {
    until: readUntil(options, command),
    saveTo: resolve(cwd, options["save-to"] ?? "."),
    migrations: await loadAllMigrations(options.migrations, cwd),
    allowDataLoss: options["allow-data-loss"],
    onReplica: options["on-replica"],
    allowStall: options["allow-stall"],
    ...lockTimeout(options),
  };
}

// --- internal ---

/** Never guesses how far to go back. */
function readUntil({ to, last }: Options, command: "plan" | "down"): Until {
  const form = command === "plan" ? "plan --down" : "down";
  const again = (options: { readonly to?: string; readonly last?: string }, note?: string) => {
    const more = note === undefined ? {} : { note };
    return command === "plan"
      ? hint("plan", { options: { down: true, ...options }, ...more })
      : hint("down", { options, ...more });
  };
  if (to !== undefined && last === undefined) return { to };
  if (last === undefined || to !== undefined) {
    const what =
      to === undefined
        ? `${form} needs --to NAME or --last N: which migrations should it undo?`
        : "--to and --last cannot be used together: each says which migrations to undo";
    throw new MigrateError("USAGE", what, {
      done: "nothing was changed",
      next: [
        again({ last: "N" }, "the newest N migrations"),
        again({ to: "NAME" }, "or NAME and everything after it; `status` lists the names"),
      ],
    });
  }
  if (!/^[1-9]\d*$/.test(last)) {
    throw new MigrateError("USAGE", "invalid value for --last", {
      found: last,
      wanted: "a whole number, 1 or more",
      done: "nothing was changed",
      next: again({ last: "1" }),
    });
  }
  return { last: Number(last) };
}
