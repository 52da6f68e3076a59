import { statusDocument } from "../../documents/status.ts";
import { loadAllMigrations } from "../../facility/load.ts";
import { hint } from "../../hint.ts";
import { isUpToDate } from "../../plan/due.ts";
import { readPlan } from "../../plan/read-plan.ts";
import { readingOnce } from "../../run/reading-once.ts";
import type { CommandContext } from "../command-context.ts";
import { planOptions } from "../plan-options.ts";
import { statusText } from "../views/status.ts";

export async function run({ connect, cwd, options, out }: CommandContext): Promise<number> {
  await using db = readingOnce(await connect(), hint("status"));
  const plan = await readPlan(db, await loadAllMigrations(options.migrations, cwd), await planOptions(options));
  out.result({ document: statusDocument(plan), text: statusText(plan, out.paintResult, out.caller) });
  return isUpToDate(plan) ? 0 : 1;
}
