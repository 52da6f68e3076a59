import { verifyDocument } from "../../documents/verify.ts";
import { loadAllMigrations } from "../../facility/load.ts";
import { withFreeNames } from "../../migrate/each-once.ts";
import { findOrphans } from "../../migrate/find-orphans.ts";
import { verify } from "../../migrate/verify.ts";
import { readPlan } from "../../plan/read-plan.ts";
import type { CommandContext } from "../command-context.ts";
import { planOptions } from "../plan-options.ts";
import { verifyText } from "../views/verify.ts";

export async function run({ connect, cwd, options, out }: CommandContext): Promise<number> {
  await using db = await connect();
  const plan = await readPlan(db, await loadAllMigrations(options.migrations, cwd), await planOptions(options));
  const { differences, ...rest } = verify(plan);
  const all = [...(await withFreeNames(db, plan, differences)), ...(await findOrphans(db, plan))];
  const verification = { ...rest, differences: all };
  out.result({
    document: verifyDocument(plan, verification, out.caller),
    text: verifyText(plan, verification, out.paintResult, out.caller),
  });
  return verification.differences.length === 0 ? 0 : 1;
}
