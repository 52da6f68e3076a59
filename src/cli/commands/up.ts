import { upDocument } from "../../documents/up.ts";
import { MigrateError } from "../../errors.ts";
import { loadAllMigrations } from "../../facility/load.ts";
import { hint } from "../../hint.ts";
import { up } from "../../migrate/up.ts";
import type { Options } from "../../options.ts";
import { type Skip, skipCommand } from "../../state/skips.ts";
import type { CommandContext } from "../command-context.ts";
import { lockTimeout } from "../lock-timeout.ts";
import { planOptions } from "../plan-options.ts";
import { progressLines } from "../progress-lines.ts";
import { outlineText, question } from "../views/outline.ts";
import { upText } from "../views/up.ts";

export async function run({ confirm, connect, cwd, interrupt, options, out }: CommandContext): Promise<number> {
  const migrations = await loadAllMigrations(options.migrations, cwd);
  const skip = skipOf(options);
  const result = await up({
    connect,
    migrations,
    ...(options.to === undefined ? {} : { to: options.to }),
    ...(await planOptions(options)),
    ...(skip === undefined ? {} : { skip }),
    repair: options.repair,
    allowLate: options["allow-late"],
    signals: interrupt,
    onReplica: options["on-replica"],
    allowStall: options["allow-stall"],
    ...lockTimeout(options),
    progress: progressLines(out),
    async confirm(plan) {
      const asked = { repair: options.repair, ...(skip === undefined ? {} : { skip }) };
      await confirm(question(plan, asked), outlineText(plan, asked, out.paintNote, out.caller));
      // From here on a signal stops between two statements, not in the middle of one.
      interrupt.hold();
    },
  });
  out.result({ document: upDocument(result, out.caller), text: upText(result, skip, out.paintResult, out.caller) });
  return 0;
}

/** Nothing is skipped without a reason. */
function skipOf({ skip, reason, unskip }: Options): Skip | undefined {
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

function usage(what: string): MigrateError {
  return new MigrateError("USAGE", what, {
    done: "nothing was changed",
    next: [
      skipCommand(["NAME"], "skips it"),
      hint("up", { options: { unskip: "NAME" }, note: "applies it after all" }),
    ],
  });
}
