import { MigrateError } from "../errors.ts";
import type { Options } from "../options.ts";
import type { RunOptions } from "../run/run.ts";

/** A week. */
const LONGEST = 604_800;

/** What --lock-timeout says. Throws USAGE. */
export function lockTimeout({ "lock-timeout": given }: Options): Pick<RunOptions, "lockTimeout"> {
  if (given === undefined) return {};
  const seconds = /^[1-9]\d*$/.test(given) ? Number(given) : LONGEST + 1;
  if (seconds <= LONGEST) return { lockTimeout: seconds };
  throw new MigrateError("USAGE", "invalid value for --lock-timeout", {
    found: given,
    wanted: `a whole number of seconds from 1 to ${LONGEST}`,
    done: "nothing was changed",
  });
}
