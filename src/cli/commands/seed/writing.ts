import { loadMigrations } from "../../../plan/load-migrations.ts";
import type { CommandContext } from "../../command-context.ts";
import { lockTimeout } from "../../lock-timeout.ts";
import { progressLines } from "../../progress-lines.ts";
import { readAt } from "../../../seed/story/at.ts";

/** What `seed` needs to write rows, of stories or of generated jobs. Throws USAGE. */
export async function writingOptions({ connect, interrupt, options, out }: CommandContext) {
  return {
    connect,
    at: readAt(options.at),
    migrations: await loadMigrations(),
    signals: interrupt,
    onReplica: options["on-replica"],
    ...lockTimeout(options),
    progress: progressLines(out),
  };
}
