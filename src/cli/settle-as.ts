/** The commands `accept` and `forget`: what a person decided about a record, asked for, written, shown. */
import { settleDocument } from "../documents/settle.ts";
import { MigrateError } from "../errors.ts";
import { loadAllMigrations } from "../facility/load.ts";
import { hint } from "../hint.ts";
import { settle } from "../migrate/settle.ts";
import type { How } from "../plan/settlement.ts";
import type { CommandContext } from "./command-context.ts";
import { lockTimeout } from "./lock-timeout.ts";
import { progressLines } from "./progress-lines.ts";
import { settleQuestion, settleText } from "./views/settle.ts";

export async function settleAs(how: How, context: CommandContext): Promise<number> {
  const {
    args: [name = ""],
    confirm,
    connect,
    cwd,
    interrupt,
    options,
    out,
  } = context;
  const reason = options.reason?.trim() ?? "";
  if (reason === "") {
    throw new MigrateError("USAGE", `${how} needs --reason: the journal keeps why`, {
      done: "nothing was changed",
      next: hint(how, { args: [name], options: { reason: "WHY" } }),
    });
  }
  const result = await settle({
    connect,
    migrations: await loadAllMigrations(options.migrations, cwd),
    name,
    how,
    reason,
    signals: interrupt,
    onReplica: options["on-replica"],
    ...lockTimeout(options),
    progress: progressLines(out),
    async confirm(settlement) {
      await confirm(settleQuestion(settlement));
      interrupt.hold();
    },
  });
  out.result({ document: settleDocument(result, reason), text: settleText(result, out.paintResult) });
  return 0;
}
