/**
 * The plan as statements that a person reviews and runs by hand, one after the other, in one session. It records nothing:
 * afterwards `up` finds all of it.
 */
import { formatNode } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { algorithmStatement, clusterStatement, sessionStatements } from "../db/session.ts";
import { MigrateError } from "../errors.ts";
import { hint } from "../hint.ts";
import { isDue } from "../plan/plan.ts";
import type { Plan } from "../plan/read-plan.ts";
import { type UpRequest, upCommand } from "../plan/up-command.ts";
import { isWithoutWitness } from "../plan/unknown.ts";
import { plural } from "../plural.ts";
import { comment } from "../script-forms.ts";
import { text } from "../sql.ts";
import { advisoryLockName } from "../state/lease-sql.ts";
import { formatStepRef } from "../steps/step-ref.ts";
import { toolName, version } from "../version.ts";
import { type DueStep, dueSteps } from "./due-steps.ts";
import { check } from "./plain-checks.ts";
import { plainRepeatable, plainRepeatables } from "./plain-repeatables.ts";
import { plainStep } from "./plain-steps.ts";
import { assertNothingAside } from "./plan-script.ts";

/** Seconds for reading between two statements: a session that ends takes its settings with it. */
const READING = 28_800;

/** Returns the text of the script. Throws DRIFT if a `down` was stopped half-way, and USAGE for what cannot be checked. */
export async function plainScript(db: Db, plan: Plan, request: UpRequest): Promise<string> {
  const steps = dueSteps(plan, request.repair);
  const repeatables = plainRepeatables(plan, request.repair);
  const lines = header(plan, steps.length, repeatables.length);
  if (steps.length + repeatables.length > 0) {
    assertChecked(plan.catalog.database, steps);
    await assertNothingAside(db, plan);
    const due = plan.migrations.filter((each) => isDue(each, request.repair));
    lines.push("", ...sessionLines(plan));
    for (const { migration } of due) {
      const own = steps.filter((step) => step.migration === migration.name);
      lines.push("", comment(`${migration.name}: ${migration.why}`));
      lines.push(...own.flatMap((step) => plainStep(step, steps, request.repair)));
    }
    lines.push(...repeatables.flatMap((each) => plainRepeatable(each, plan.server.dialect)), ...endLines(plan));
  }
  return `${lines.join("\n")}\n`;
}

/** The commands that look at the result, and record it. */
export function afterPlain(request: UpRequest) {
  const recording = upCommand(request);
  return [hint("verify"), { ...recording, note: "records what was done as found; `down` leaves that" }];
}

// --- internal ---

function header({ catalog, server }: Plan, steps: number, repeatables: number): string[] {
  const what = `${plural(steps, "step")}, ${plural(repeatables, "repeatable")} (procedures, rows of SchemaStatus, privileges)`;
  return [
    `${toolName} ${version} plan --sql --plain: ${what}`,
    `for the database ${catalog.database} on ${server.dialect.product}, ${formatNode(server.node)}`,
    "",
    ...(steps + repeatables === 0
      ? ["Nothing is pending: every migration is applied."]
      : [
          "Review these statements, and run them by hand: in this order, in one session, one after the other. A check comes before",
          "and after each. It prints ok, or STOP with the reason: then go no further. Nothing here stops by itself.",
          "Error 1205 means that another session uses the table: nothing was changed, run the same statement again.",
          `${toolName} records none of this by itself: afterwards \`verify\` compares, and \`up\` records all as found. \`down\` leaves`,
          "what was found. A script without --plain checks and stops by itself, and records what it does.",
        ]),
  ].map(comment);
}

/** Its settings, and that it is the right server. While the lock is held, no `up` begins. */
function sessionLines({ catalog, server }: Plan): string[] {
  const settings = [...sessionStatements, algorithmStatement, ...(server.cluster ? [clusterStatement] : [])];
  const lock = text(advisoryLockName(catalog.database));
  return [
    comment("The session: its settings, the database, the server, and that no other run is at work"),
    ...[...settings, `SET SESSION wait_timeout = ${READING}`].map((statement) => `${statement};`),
    check("database", `DATABASE() = ${text(catalog.database)}`, `the plan is for the database ${catalog.database}`),
    check("server", server.dialect.names.sameSeries, "the plan is for another server version"),
    check("no other run", `GET_LOCK(${lock}, 5) = 1`, `${toolName} is changing this database`),
  ];
}

function endLines({ catalog }: Plan): string[] {
  return ["", comment("The end"), `DO RELEASE_LOCK(${text(advisoryLockName(catalog.database))});`];
}

/** Throws USAGE for statements of which only the journal knows: `up` would send them again. */
function assertChecked(database: string, steps: readonly DueStep[]): void {
  const unseen = steps.filter(({ step, verdict }) => verdict.state === "absent" && isWithoutWitness(step));
  const [first] = unseen;
  if (first === undefined) return;
  throw new MigrateError("USAGE", `a plain script cannot hold ${formatStepRef(first)}`, {
    where: database,
    found: unseen.map((each) => formatStepRef(each)),
    wanted:
      "statements whose effect the schema shows: after others, `up` would not know that they were run, and run them again",
    done: "nothing was changed, and no script was written",
    next: [
      hint("up", { note: "runs them" }),
      hint("plan", { options: { sql: "FILE" }, note: "or: a script that records what it does" }),
    ],
  });
}
