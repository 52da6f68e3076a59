import type { Db } from "../../db/db.ts";
import { formatNext } from "../../documents/format-hint.ts";
import { planDocument } from "../../documents/plan.ts";
import { MigrateError, asList } from "../../errors.ts";
import { hint } from "../../hint.ts";
import { isAnythingDue } from "../../plan/due.ts";
import { loadMigrations } from "../../plan/load-migrations.ts";
import { type Plan, readPlan } from "../../plan/read-plan.ts";
import { assertOrder, assertSchema, assertServer } from "../../preflight/preflight.ts";
import { planScript } from "../../script/plan-script.ts";
import { leftToUp } from "../../script/repeatables.ts";
import type { CommandContext } from "../command-context.ts";
import type { Output } from "../output.ts";
import { planOptions } from "../plan-options.ts";
import { planText } from "../views/plan.ts";
import { type Destination, writeResult } from "../write-file.ts";

/** Shows the plan; then fails if the schema itself would stop `up`. What only this account lacks is a note. */
export async function run({ connect, cwd, options, out }: CommandContext): Promise<number> {
  await using db = await connect();
  const plan = await readPlan(db, await loadMigrations(), await planOptions(options));
  out.result({
    document: planDocument(plan),
    text: options.sql === "-" ? "" : planText(plan, out.paintResult, out.caller),
  });
  assertSchema(plan);
  const isDue = isAnythingDue(plan);
  if (isDue) {
    await assertServer(db, plan).catch((error: unknown) => {
      if (!(error instanceof MigrateError)) throw error;
      const next = asList(error.details.next).map((each) => formatNext(each, out.caller));
      out.warning(`note: \`up\` would refuse now: ${error.message}; next: ${next.join("; ")}`);
    });
  }
  if (options.sql !== undefined) await writeScript(db, plan, { file: options.sql, cwd }, out);
  return options.check && isDue ? 1 : 0;
}

/** The script instead of the plan on stdout, for "-"; or both, the script in its file. */
async function writeScript(db: Db, plan: Plan, { file, cwd }: Destination, out: Output): Promise<void> {
  assertOrder(plan);
  const script = await planScript(db, plan);
  for (const { title } of leftToUp(plan)) {
    out.warning(`note: ${title} is not in the script: a script cannot replace it on this server, \`up\` can`);
  }
  if (file === "-") return out.result({ document: { ...planDocument(plan), script }, text: script });
  await writeResult(
    "script",
    script,
    { file, cwd },
    hint("plan", { options: { sql: "FILE" }, note: "a writable file, or - for stdout" }),
  );
  out.result({ document: { ...planDocument(plan), file }, text: planText(plan, out.paintResult, out.caller) });
  out.note(`the script is in ${file}; its first lines say how to run it`);
}
