/**
 * The plan as a script that the stock client runs without this tool: for facilities where an
 * administrator changes the schema and reads every statement before. What it leaves behind is what
 * `up` leaves behind, journal included.
 */
import { nodeExpression } from "../catalog/server.ts";
import { count } from "../db/count.ts";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { hint } from "../hint.ts";
import { isPending } from "../plan/plan.ts";
import type { Plan } from "../plan/read-plan.ts";
import { asideCount } from "../plan/set-aside.ts";
import { dueSteps } from "./due-steps.ts";
import { roomForForms } from "./fingerprint.ts";
import { beginning, ending, recordWhole } from "./journal.ts";
import { arrival, comparison, introduction, recollection } from "./preamble.ts";
import { dueRepeatables, procedureChecks, repeatableLines } from "./repeatables.ts";
import { stepLines } from "./steps.ts";

/** Reads the database once more, by SELECT alone. Throws DRIFT where a `down` was stopped half-way. */
export async function planScript(db: Db, plan: Plan): Promise<string> {
  const steps = dueSteps(plan);
  const owed = plan.migrations.filter(isPending).map(({ migration }) => migration);
  const repeatables = dueRepeatables(plan);
  const lines = introduction(plan, steps);
  if (steps.length + repeatables.length > 0) {
    await assertNothingAside(db, plan);
    await db.run(roomForForms);
    lines.push(
      "",
      ...arrival(plan),
      ...recollection(
        owed.map(({ name }) => name),
        repeatables,
      ),
    );
    lines.push(
      ...(await comparison(db, plan, steps)),
      ...procedureChecks(plan),
      ...beginning(plan, await nodeExpression(db)),
    );
    for (const migration of owed) {
      const own = steps.filter((step) => step.migration === migration.name);
      lines.push(...own.flatMap((step) => stepLines(step, steps)), ...recordWhole(migration));
    }
    lines.push(...repeatableLines(plan), ...ending(plan));
  }
  return `${lines.join("\n")}\n`;
}

async function assertNothingAside(db: Db, plan: Plan): Promise<void> {
  if ((await count(db, asideCount)) === 0) return;
  throw new MigrateError("DRIFT", "a run of `down` was stopped half-way and left something aside", {
    where: plan.catalog.database,
    done: "nothing was changed, and no script was written",
    next: [hint("up", { note: "puts it back and goes on, or" }), hint("down", { note: "takes the rest back, too" })],
  });
}
