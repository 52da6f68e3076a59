import { MigrateError } from "../../errors.ts";
import { type Hint, hint } from "../../hint.ts";
import { readMoment } from "./time.ts";

/** The value of `--at` for this command: a time by the server's clock, or a moment in UTC. Throws USAGE for an invalid date. */
export function readAt(at: string | undefined, command: Hint["command"] = "seed"): string | undefined {
  if (at === undefined) return undefined;
  const date = readMoment(at);
  if (date !== undefined) return date;
  throw new MigrateError("USAGE", "invalid value for --at", {
    found: at,
    wanted: `2026-01-31 or "2026-01-31 18:30:00" by the server's clock, or 2026-01-31T18:30:00+01:00 (or Z)`,
    done: "nothing was changed",
    next: hint(command, { args: ["--help"] }),
  });
}
