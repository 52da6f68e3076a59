import { provisionRemoveDocument } from "../../../documents/provision.ts";
import { hint } from "../../../hint.ts";
import { remove } from "../../../provision/remove.ts";
import type { CommandContext } from "../../command-context.ts";
import { assertNotGiven, notTaken } from "../../not-taken.ts";
import { removeQuestion, removedText } from "../../views/provision.ts";

/** Drops the databases that `provision` made. */
export async function run(context: CommandContext): Promise<number> {
  const { confirm, connect, interrupt, options, out, target } = context;
  assertAlone(context);
  const result = await remove({
    connect,
    onReplica: options["on-replica"],
    prefix: target.database,
    report: (line) => out.note(line),
    async confirm(names) {
      await confirm(removeQuestion(names, target));
      interrupt.hold();
    },
  });
  out.result({ document: provisionRemoveDocument(result), text: removedText(result, target) });
  return 0;
}

// --- internal ---

/** With a story or a number, a user may expect that only a part is dropped. */
function assertAlone(context: CommandContext): void {
  const next = hint("provision", { args: ["remove"], note: "drops every test database of this name" });
  assertNotGiven(context, ["at", "base", "migrations", "workers"], "provision remove", next);
  const [, ...stories] = context.args;
  if (stories.length > 0) throw notTaken("provision remove", stories.join(" "), next);
}
