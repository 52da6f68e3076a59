/** `plan --sql`: where the script goes, and what is said with it. */
import type { Db } from "../db/db.ts";
import { formatNext } from "../documents/format-hint.ts";
import type { PlanDocument } from "../documents/plan.ts";
import { hint } from "../hint.ts";
import type { Plan } from "../plan/read-plan.ts";
import type { UpRequest } from "../plan/up-command.ts";
import { afterPlain, plainScript } from "../script/plain-script.ts";
import { planScript } from "../script/plan-script.ts";
import { leftToUp } from "../script/repeatables.ts";
import type { CommandContext } from "./command-context.ts";
import { assertNotGiven } from "./not-taken.ts";
import { writeResult } from "./write-file.ts";

/** Returns what the answer has beyond the plan; the text is instead of the plan's. Throws USAGE for what only `up` can do. */
export async function writeScript(
  db: Db,
  plan: Plan,
  request: UpRequest,
  { cwd, options, out }: Pick<CommandContext, "cwd" | "options" | "out">,
): Promise<{ readonly document: Pick<PlanDocument, "script" | "file">; readonly text?: string }> {
  const { sql: file = "-" } = options;
  const script = options.plain ? await plainScript(db, plan, request) : await guardedScript(db, plan, { options, out });
  if (file === "-") return { document: { script }, text: script };
  await writeResult(
    "script",
    script,
    { file, cwd },
    hint("plan", { options: { sql: "FILE", plain: options.plain }, note: "a writable file, or - for stdout" }),
  );
  out.note(`the script is in ${file}; its first lines say how to run it`);
  if (options.plain) for (const each of afterPlain(request)) out.note(`  afterwards  ${formatNext(each, out.caller)}`);
  return { document: { file } };
}

// --- internal ---

/** Checks and stops by itself, and records what it does. The journal of a repair or of a skip is written by `up` alone. */
async function guardedScript(
  db: Db,
  plan: Plan,
  { options, out }: Pick<CommandContext, "options" | "out">,
): Promise<string> {
  assertNotGiven({ options }, ["repair", "skip", "unskip"], "plan --sql", hint("up", { note: "does it" }));
  const script = await planScript(db, plan, { allowStall: options["allow-stall"] });
  for (const { title } of leftToUp(plan)) {
    out.warning(`note: ${title} is not in the script: a script cannot replace it on this server, \`up\` can`);
  }
  return script;
}
