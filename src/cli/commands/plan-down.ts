import { planDownDocument } from "../../documents/plan-down.ts";
import { hint } from "../../hint.ts";
import { isNothing, lookDown } from "../../migrate/down/look.ts";
import { readingOnce } from "../../run/reading-once.ts";
import type { CommandContext } from "../command-context.ts";
import { downRequest } from "../down-request.ts";
import { assertNotGiven } from "../not-taken.ts";
import { noteRefusal } from "../note-refusal.ts";
import { planDownText } from "../views/plan-down.ts";

/** Options that only the way forward has. */
const forward = ["check", "sql", "plain", "rehearsal", "repair", "allow-late", "skip", "unskip", "reason"] as const;

/** `plan --down`: fails where `down` cannot be planned. What else keeps it from beginning is a note. */
export async function planDown(context: CommandContext): Promise<number> {
  const { connect, out } = context;
  const { last = "1", to } = context.options;
  assertNotGiven(
    context,
    forward,
    "plan --down",
    hint("plan", { options: { down: true, ...(to === undefined ? { last } : { to }) } }),
  );
  const request = await downRequest(context, "plan");
  const { saveTo, until } = request;
  const far = "to" in until ? until : { last: `${until.last}` };
  await using db = readingOnce(await connect(), hint("plan", { options: { down: true, ...far } }));
  const { plan, refusal, retry } = await lookDown(db, request);
  // Where a table cannot be read now, `down` waits.
  if (refusal?.code === "LOCK_TIMEOUT") throw refusal;
  out.result({
    document: planDownDocument(plan, saveTo),
    text: planDownText({ plan, saveTo, retry, isNothing: isNothing(plan), refusal }, out.paintResult, out.caller),
  });
  if (refusal !== undefined) noteRefusal("down", refusal, out);
  return 0;
}
