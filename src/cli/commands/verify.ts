import { findOrphans, verify } from "../../migrate/verify.ts";
import { loadMigrations } from "../../plan/load.ts";
import { survey } from "../../plan/read-plan.ts";
import type { CommandContext } from "../context.ts";
import { surveyOptions } from "../plan-options.ts";
import { verifyJson, verifyText } from "../views/verify.ts";

export async function run({ connect, options, out }: CommandContext): Promise<number> {
  await using db = await connect();
  const found = await survey(db, await loadMigrations(), await surveyOptions(options));
  const { differences, ...rest } = verify(found);
  const verification = { ...rest, differences: [...differences, ...(await findOrphans(db, found))] };
  out.result({ document: verifyJson(found, verification), text: verifyText(found, verification, out.paintResult) });
  return verification.differences.length === 0 ? 0 : 1;
}
