import { removeDocument } from "../../../documents/seed.ts";
import { MigrateError } from "../../../errors.ts";
import { hint } from "../../../hint.ts";
import { removeStories } from "../../../seed/remove.ts";
import type { CommandContext } from "../../command-context.ts";
import { lockTimeout } from "../../lock-timeout.ts";
import { progressBar } from "../../progress-bar.ts";
import { progressLines } from "../../progress-lines.ts";
import { removeQuestion, removedText } from "../../views/seed.ts";

export async function run({
  args,
  confirm,
  connect,
  interrupt,
  options,
  out,
  target,
}: CommandContext): Promise<number> {
  const stories = [...new Set(args.slice(1))];
  if (stories.length === 0) {
    throw new MigrateError("USAGE", "seed remove needs the name of a story", {
      done: "nothing was changed",
      next: hint("seed", { args: ["remove", "STORY..."], note: "deletes what that story inserted, and nothing else" }),
    });
  }
  const lines = progressLines(out);
  await using bar = await progressBar("rows", out, interrupt.stop);
  const result = await removeStories({
    connect,
    stories,
    signals: interrupt,
    onReplica: options["on-replica"],
    ...lockTimeout(options),
    progress: (event) => (event.kind === "counted" ? bar.show(event.done, event.of) : lines(event)),
    async confirm(server, plan) {
      await confirm(removeQuestion({ server, catalog: target }, plan));
      interrupt.hold();
    },
  });
  out.result({ document: removeDocument(result), text: removedText(result, out.paintResult) });
  return 0;
}
