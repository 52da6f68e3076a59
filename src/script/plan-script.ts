/**
 * The plan as a script that the stock client runs without this tool: for facilities where an administrator reads every
 * statement and changes the schema. It leaves the same schema and journal as `up`.
 */
import { count } from "../db/count.ts";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { hint } from "../hint.ts";
import { isPending } from "../plan/plan.ts";
import type { Plan } from "../plan/read-plan.ts";
import type { UpRequest } from "../plan/up-command.ts";
import { asideCount, liesAside } from "../plan/set-aside.ts";
import { budgetChecks } from "./budget.ts";
import { dueSteps } from "./due-steps.ts";
import { roomForForms } from "./fingerprint.ts";
import { endLines, leaseLines, recordMigration } from "./journal.ts";
import { header, journalLines, schemaChecks, sessionChecks } from "./preamble.ts";
import { dueRepeatables, procedureChecks, repeatableLines } from "./repeatables.ts";
import { assertScriptable } from "./sql-statements.ts";
import { stepLines } from "./steps.ts";

/** Returns the text of the script. Reads the database with SELECT only. Throws DRIFT if a `down` was stopped half-way. */
export async function planScript(
  db: Db,
  plan: Plan,
  { allowStall = false }: Pick<UpRequest, "allowStall"> = {},
): Promise<string> {
  const steps = dueSteps(plan);
  const pending = plan.migrations.filter(isPending).map(({ migration }) => migration);
  const repeatables = dueRepeatables(plan);
  const lines = header(plan, steps);
  if (steps.length + repeatables.length > 0) {
    assertScriptable(plan.catalog.database, steps);
    await assertNothingAside(db, plan);
    await db.run(roomForForms);
    lines.push(
      "",
      ...sessionChecks(plan),
      ...journalLines(
        pending.map(({ name }) => name),
        repeatables,
      ),
    );
    lines.push(
      ...(await schemaChecks(db, plan, steps)),
      ...(allowStall ? [] : budgetChecks(plan, steps)),
      ...procedureChecks(plan),
      ...leaseLines(plan),
    );
    for (const migration of pending) {
      const own = steps.filter((step) => step.migration === migration.name);
      lines.push(...own.flatMap((step) => stepLines(step, steps)), ...recordMigration(migration));
    }
    lines.push(...repeatableLines(plan), ...endLines(plan));
  }
  return `${lines.join("\n")}\n`;
}

/** Throws DRIFT if a `down` was stopped half-way. */
export async function assertNothingAside(db: Db, plan: Plan): Promise<void> {
  if ((await count(db, asideCount)) === 0) return;
  // `down` stopped here, the newest first: what it would have undone afterwards is not known.
  const stoppedAt = plan.migrations.find(({ steps }) => steps.some(({ step }) => liesAside(step, plan.catalog)));
  const undoing =
    stoppedAt === undefined
      ? []
      : [hint("down", { options: { to: stoppedAt.migration.name }, note: "or this: finishes undoing it" })];
  throw new MigrateError("DRIFT", "a run of `down` was stopped half-way: a table or column is still set aside", {
    where: plan.catalog.database,
    done: "nothing was changed, and no script was written",
    next: [hint("up", { note: "restores it and continues" }), ...undoing],
  });
}
