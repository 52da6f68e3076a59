import { statusDocument } from "../../documents/status.ts";
import { isUpToDate } from "../../plan/due.ts";
import { loadMigrations } from "../../plan/load-migrations.ts";
import { readPlan } from "../../plan/read-plan.ts";
import type { CommandContext } from "../command-context.ts";
import { planOptions } from "../plan-options.ts";
import { statusText } from "../views/status.ts";

export async function run({ connect, options, out }: CommandContext): Promise<number> {
  await using db = await connect();
  const plan = await readPlan(db, await loadMigrations(), await planOptions(options));
  out.result({ document: statusDocument(plan), text: statusText(plan, out.paintResult, out.caller) });
  return isUpToDate(plan) ? 0 : 1;
}
