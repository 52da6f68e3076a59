import { loadMigrations } from "../../plan/load.ts";
import { survey } from "../../plan/read-plan.ts";
import type { CommandContext } from "../context.ts";
import { surveyOptions } from "../plan-options.ts";
import { isUpToDate, statusJson, statusText } from "../views/status.ts";

export async function run({ connect, options, out }: CommandContext): Promise<number> {
  await using db = await connect();
  const found = await survey(db, await loadMigrations(), await surveyOptions(options));
  out.result({ document: statusJson(found), text: statusText(found, out.paintResult) });
  return isUpToDate(found) ? 0 : 1;
}
