import { resolve } from "node:path";
import { downDocument } from "../../documents/down.ts";
import { MigrateError } from "../../errors.ts";
import { loadAllMigrations } from "../../facility/load.ts";
import { hint } from "../../hint.ts";
import { down } from "../../migrate/down/down.ts";
import type { Options } from "../../options.ts";
import type { Until } from "../../plan/down-targets.ts";
import type { CommandContext } from "../command-context.ts";
import { lockTimeout } from "../lock-timeout.ts";
import { progressLines } from "../progress-lines.ts";
import { downOutline, downQuestion, downText } from "../views/down.ts";

export async function run({ confirm, connect, cwd, interrupt, options, out }: CommandContext): Promise<number> {
  const until = readUntil(options);
  const saveTo = resolve(cwd, options["save-to"] ?? ".");
  const migrations = await loadAllMigrations(options.migrations, cwd);
  const result = await down({
    connect,
    migrations,
    until,
    allowDataLoss: options["allow-data-loss"],
    saveTo,
    signals: interrupt,
    onReplica: options["on-replica"],
    allowStall: options["allow-stall"],
    ...lockTimeout(options),
    progress: progressLines(out),
    async confirm(plan) {
      await confirm(downQuestion(plan, saveTo), downOutline(plan, saveTo, out.paintNote, out.caller));
      // From here on a signal stops between two statements, not in the middle of one.
      interrupt.hold();
    },
  });
  out.result({ document: downDocument(result), text: downText(result, out.paintResult) });
  return 0;
}

/** Never guesses how far to go back. */
function readUntil({ to, last }: Options): Until {
  if (to !== undefined && last === undefined) return { to };
  if (last === undefined || to !== undefined) {
    const what =
      to === undefined
        ? "down needs --to NAME or --last N: which migrations should it undo?"
        : "--to and --last cannot be used together: each says which migrations to undo";
    throw new MigrateError("USAGE", what, {
      done: "nothing was changed",
      next: [
        hint("down", { options: { last: "N" }, note: "the newest N migrations" }),
        hint("down", { options: { to: "NAME" }, note: "or NAME and everything after it; `status` lists the names" }),
      ],
    });
  }
  if (!/^[1-9]\d*$/.test(last)) {
    throw new MigrateError("USAGE", "invalid value for --last", {
      found: last,
      wanted: "a whole number, 1 or more",
      done: "nothing was changed",
      next: hint("down", { options: { last: "1" } }),
    });
  }
  return { last: Number(last) };
}
