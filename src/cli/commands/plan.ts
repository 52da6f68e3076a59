import type { Db } from "../../db/db.ts";
import { formatNext } from "../../documents/format-hint.ts";
import { planDocument } from "../../documents/plan.ts";
import { MigrateError, asList } from "../../errors.ts";
import { loadAllMigrations } from "../../facility/load.ts";
import { hint } from "../../hint.ts";
import { isAnythingDue } from "../../plan/due.ts";
import { type Plan, readPlan } from "../../plan/read-plan.ts";
import { plainUp } from "../../plan/up-command.ts";
import { assertOrder, assertSchema, assertServer } from "../../preflight/preflight.ts";
import { noteOnUnseen } from "../../preflight/unseen.ts";
import { readWarnings } from "../../preflight/warnings.ts";
import { planScript } from "../../script/plan-script.ts";
import { leftToUp } from "../../script/repeatables.ts";
import type { CommandContext } from "../command-context.ts";
import type { Output } from "../output.ts";
import { planOptions } from "../plan-options.ts";
import { planText } from "../views/plan.ts";
import { type Destination, writeResult } from "../write-file.ts";

/**
 * Shows the plan; then fails if something in the schema is in conflict, so that `up` would refuse. What only this
 * account lacks is a note.
 */
export async function run({ connect, cwd, options, out }: CommandContext): Promise<number> {
  await using db = await connect();
  const plan = await readPlan(db, await loadAllMigrations(options.migrations, cwd), await planOptions(options));
  const show = (refusal: MigrateError | undefined) => {
    const text = options.sql === "-" ? "" : planText(plan, refusal?.message, out.paintResult, out.caller);
    out.result({ document: planDocument(plan), text });
  };
  const late = await refusalOf(() => assertOrder(plan));
  const schema = await refusalOf(() => assertSchema(plan));
  show(schema ?? late);
  if (schema !== undefined) throw schema;
  const isDue = isAnythingDue(plan);
  const server = isDue
    ? await refusalOf(() => assertServer(db, plan, { ...plainUp, onReplica: options["on-replica"] }))
    : undefined;
  if (server !== undefined) {
    show(late ?? server);
    const next = asList(server.details.next).map((each) => formatNext(each, out.caller));
    out.warning(
      [`note: \`up\` would refuse now: ${server.message}`, ...next.map((each) => `  next  ${each}`)].join("\n"),
    );
  }
  const unseen = noteOnUnseen(plan);
  const warnings = isDue ? await readWarnings(db, plan) : [];
  for (const note of unseen === undefined ? warnings : [unseen, ...warnings]) out.note(`note: ${note}`);
  if (options.sql !== undefined) await writeScript(db, plan, { file: options.sql, cwd }, server ?? late, out);
  return options.check && isDue ? 1 : 0;
}

/** The reason why `up` would refuse; undefined if it would not. */
async function refusalOf(check: () => void | Promise<void>): Promise<MigrateError | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    if (error instanceof MigrateError) return error;
    throw error;
  }
}

/** The script instead of the plan on stdout, for "-"; or both, the script in its file. */
async function writeScript(
  db: Db,
  plan: Plan,
  { file, cwd }: Destination,
  refusal: MigrateError | undefined,
  out: Output,
): Promise<void> {
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
  out.result({
    document: { ...planDocument(plan), file },
    text: planText(plan, refusal?.message, out.paintResult, out.caller),
  });
  out.note(`the script is in ${file}; its first lines say how to run it`);
}
