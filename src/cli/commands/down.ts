import { downDocument } from "../../documents/down.ts";
import { down } from "../../migrate/down/down.ts";
import type { CommandContext } from "../command-context.ts";
import { downRequest } from "../down-request.ts";
import { progressLines } from "../progress-lines.ts";
import { downOutline, downQuestion, downText } from "../views/down.ts";

export async function run(context: CommandContext): Promise<number> {
  const { confirm, connect, interrupt, out } = context;
  const request = await downRequest(context, "down");
  const { saveTo } = request;
  const result = await down({
    ...request,
    connect,
    signals: interrupt,
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
