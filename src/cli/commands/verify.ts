import { verifyDocument } from "../../documents/verify.ts";
import { loadAllMigrations } from "../../facility/load.ts";
import { findOrphans, verify } from "../../migrate/verify.ts";
import { readPlan } from "../../plan/read-plan.ts";
import type { CommandContext } from "../command-context.ts";
import { planOptions } from "../plan-options.ts";
import { verifyText } from "../views/verify.ts";

export async function run({ connect, cwd, options, out }: CommandContext): Promise<number> {
  await using db = await connect();
  const plan = await readPlan(db, await loadAllMigrations(options.migrations, cwd), await planOptions(options));
  const { differences, ...rest } = verify(plan);
  const verification = { ...rest, differences: [...differences, ...(await findOrphans(db, plan))] };
  out.result({
    document: verifyDocument(plan, verification, out.caller),
    text: verifyText(plan, verification, out.paintResult, out.caller),
  });
  return verification.differences.length === 0 ? 0 : 1;
}
