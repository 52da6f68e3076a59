import { planDocument } from "../../documents/plan.ts";
import type { MigrateError } from "../../errors.ts";
import { loadAllMigrations } from "../../facility/load.ts";
import { hint } from "../../hint.ts";
import { isAnythingDue } from "../../plan/due.ts";
import { readPlan } from "../../plan/read-plan.ts";
import { planCommand } from "../../plan/up-command.ts";
import { refusals } from "../../preflight/preflight.ts";
import { noteOnUnseen } from "../../preflight/unseen.ts";
import { readWarnings } from "../../preflight/warnings.ts";
import { readingOnce } from "../../run/reading-once.ts";
import type { CommandContext } from "../command-context.ts";
import { assertNotGiven } from "../not-taken.ts";
import { noteRefusal } from "../note-refusal.ts";
import type { Result } from "../output.ts";
import { writeScript } from "../plan-script.ts";
import { upRequest } from "../up-request.ts";
import { planText } from "../views/plan.ts";
import { planDown } from "./plan-down.ts";

/**
 * Shows the plan of an `up` with the same options, or with --down that of a `down`; then fails if the schema is in conflict
 * with it. Migrations that are late, and what only the server or this account keeps `up` from, are notes.
 */
export async function run(context: CommandContext): Promise<number> {
  const { connect, cwd, options, out } = context;
  if (options.down) return planDown(context);
  assertNotGiven(
    context,
    ["last", "allow-data-loss"],
    "plan without --down",
    hint("plan", { options: { down: true, last: options.last ?? "1" } }),
  );
  if (options.sql === undefined)
    assertNotGiven(context, ["plain"], "plan without --sql", hint("plan", { options: { sql: "FILE", plain: true } }));
  const request = await upRequest(options, "plan", cwd);
  await using db = readingOnce(await connect(), planCommand(request));
  const plan = await readPlan(db, await loadAllMigrations(options.migrations, cwd), request);
  const show = (refusal: MigrateError | undefined, more: Partial<Result> = {}) => {
    const text = options.sql === "-" ? "" : planText(plan, request, refusal?.message, out.paintResult, out.caller);
    out.result({ document: { ...planDocument(plan, request), ...more.document }, text: more.text ?? text });
  };
  let first: MigrateError | undefined;
  let late: MigrateError | undefined;
  for await (const { by, error } of refusals(db, plan, request)) {
    // Where a table cannot be read now, `up` waits.
    if (by === "request" || error.code === "LOCK_TIMEOUT") throw error;
    first ??= error;
    if (by === "order") late = error;
    if (by === "server") noteRefusal("up", error, out);
    if (by !== "plan") continue;
    show(error);
    throw error;
  }
  show(first);
  const isDue = isAnythingDue(plan, request);
  const unseen = noteOnUnseen(plan);
  const warnings = isDue ? await readWarnings(db, plan) : [];
  for (const note of unseen === undefined ? warnings : [unseen, ...warnings]) out.note(`note: ${note}`);
  if (options.sql !== undefined) {
    if (late !== undefined) throw late;
    show(first, await writeScript(db, plan, request, context));
  }
  return options.check && isDue ? 1 : 0;
}
