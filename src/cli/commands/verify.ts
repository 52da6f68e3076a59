import { describeServer } from "../../db/db.ts";
import { verifyDocument } from "../../documents/verify.ts";
import { loadAllMigrations } from "../../facility/load.ts";
import { hint } from "../../hint.ts";
import { withFreeNames } from "../../migrate/each-once.ts";
import { findOrphans } from "../../migrate/find-orphans.ts";
import { compareNodes } from "../../migrate/nodes/compare-nodes.ts";
import { verify } from "../../migrate/verify.ts";
import { readPlan } from "../../plan/read-plan.ts";
import { readingOnce } from "../../run/reading-once.ts";
import type { CommandContext } from "../command-context.ts";
import { notCompared, openNodes } from "../node-sessions.ts";
import { planOptions } from "../plan-options.ts";
import { verifyText } from "../views/verify.ts";

export async function run(context: CommandContext): Promise<number> {
  const { connect, cwd, options, out } = context;
  await using db = readingOnce(await connect(), hint("verify"));
  const plan = await readPlan(db, await loadAllMigrations(options.migrations, cwd), await planOptions(options));
  await using opened = await openNodes(context);
  const compared = await compareNodes({ name: describeServer(context.target), db }, opened.sessions);
  const { differences, ...rest } = verify(plan, compared);
  const all = [...(await withFreeNames(db, plan, differences)), ...(await findOrphans(db, plan))];
  const verification = { ...rest, differences: all };
  out.result({
    document: verifyDocument(plan, verification, out.caller),
    text: verifyText(plan, verification, out.paintResult, out.caller),
  });
  const failure = notCompared([...opened.failures, ...compared.failures]);
  if (failure !== undefined) throw failure;
  return verification.differences.length === 0 ? 0 : 1;
}
