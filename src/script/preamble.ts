/**
 * The head of a script: what it says about itself, and its checks before the first change. The checks compare
 * everything that the plan relies on, but not what the script itself changes: they have to pass on a second run, too.
 */
import { formatNode } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { clusterStatement, sessionStatements } from "../db/session.ts";
import type { Plan } from "../plan/read-plan.ts";
import { asideCount } from "../plan/set-aside.ts";
import { plural } from "../plural.ts";
import type { PlannedRepeatable } from "../repeatables/repeatable.ts";
import { comment, runIf } from "../script-forms.ts";
import { shellWord } from "../shell-word.ts";
import { text } from "../sql.ts";
import { advisoryLockName } from "../state/lease-sql.ts";
import { journalTable } from "../state/tables.ts";
import { probe } from "../steps/index.ts";
import { tableProbe } from "../steps/probe.ts";
import { toolName, version } from "../version.ts";
import { type DueStep, ownParts, touchedTables } from "./due-steps.ts";
import { deleteRulesOf, expectedDeleteRules, formOfPart, formOfTables, roomForForms } from "./fingerprint.ts";
import { dueRepeatables, isRepeated, recordedForms } from "./repeatables.ts";
import { type SchemaPart, samePart } from "./schema-parts.ts";
import { checksPass, stopUnless } from "./syntax.ts";

export function header(plan: Plan, steps: readonly DueStep[]): string[] {
  const { database } = plan.catalog;
  const { dialect, node } = plan.server;
  const migrations = new Set(steps.map(({ migration }) => migration)).size;
  const repeatables = dueRepeatables(plan).length;
  return [
    `${toolName} ${version} plan --sql: ${plural(migrations, "migration")}, ${plural(steps.length, "step")}, ${plural(repeatables, "repeatable")} (procedures, rows of SchemaStatus, privileges)`,
    `for the database ${database} on ${dialect.product}, ${formatNode(node)}`,
    "",
    ...(steps.length + repeatables === 0
      ? ["Nothing is pending: every migration is applied."]
      : [
          `Run it with the stock client: ${dialect.names.client} --comments --database=${shellWord(database)} < THIS_FILE`,
          "The script stops at the first error. If the schema was changed after the plan, the script stops before it",
          "changes anything. Then write a new script with plan --sql. You can run the script again at any time: it",
          "continues where it stopped, and changes nothing once every step is recorded. The script writes the journal",
          `of ${toolName}: afterwards status, verify, up and down know what the script did.`,
          `A check that fails ends with error 1146. The "table" in that message is not a table: its name says why,`,
          `e.g. "${toolName} stops: another run is changing this database".`,
        ]),
  ].map(comment);
}

/** Sets up the session; checks database, server version, and that no other run is active. */
export function sessionChecks({ catalog, server }: Plan): string[] {
  const { database, lowerCaseTableNames } = catalog;
  const exact = (sql: string) => (lowerCaseTableNames === 0 ? `CAST(${sql} AS BINARY)` : `LOWER(${sql})`);
  const { can, names } = server.dialect;
  const algorithm = can.alterAlgorithmWins ? ["SET SESSION alter_algorithm = 'DEFAULT'"] : [];
  const cluster = server.cluster ? [clusterStatement] : [];
  return [
    comment("Check the session: settings, database, server version, no other run"),
    ...[...sessionStatements, ...cluster, ...algorithm, roomForForms, `SET ${checksPass} = TRUE`].map(
      (statement) => `${statement};`,
    ),
    stopUnless(`${exact("DATABASE()")} = ${exact(text(database))}`, "the plan is for another database"),
    stopUnless(names.sameSeries, "the plan is for another server version"),
    // The session of a client that has just ended may still hold it for a moment.
    stopUnless(`GET_LOCK(${text(advisoryLockName(database))}, 5) = 1`, "another run is changing this database"),
  ];
}

/** Reads the journal of earlier runs, if it exists. */
export function journalLines(migrations: readonly string[], repeatables: readonly PlannedRepeatable[]): string[] {
  const recorded = (variable: string, what: string, where: string) =>
    runIf(
      `(${tableProbe(journalTable)}) > 0`,
      text(`SELECT COALESCE(GROUP_CONCAT(${what}), '') INTO ${variable} FROM ${journalTable} WHERE ${where}`),
    );
  const isUnrecorded = (name: string) => `(FIND_IN_SET(${text(name)}, @ispyb_applied) = 0)`;
  return [
    "",
    comment("Read what earlier runs recorded: steps, whole migrations, repeatables"),
    "SET @ispyb_recorded = '', @ispyb_applied = '', @ispyb_repeatables = '';",
    recorded("@ispyb_recorded", "CONCAT(migration, ':', step)", "state IN ('intended', 'done')"),
    recorded("@ispyb_applied", "migration", "step = 0"),
    runIf(`(${tableProbe(journalTable)}) > 0`, text(recordedForms)),
    `SET @ispyb_pending = ${[...migrations.map(isUnrecorded), ...repeatables.map((each) => `(${isRepeated(each)} = 0)`)].join(" + ")};`,
  ];
}

/** Checks the schema without the parts that the steps create or change, and then each of these parts. */
export async function schemaChecks(db: Db, plan: Plan, steps: readonly DueStep[]): Promise<string[]> {
  const tables = touchedTables(steps, plan.catalog);
  const own = ownParts(steps, tables);
  const why = "the schema has changed since the plan";
  const schema = formOfTables(tables, own, plan.server.dialect);
  const lines = [
    "",
    comment(`Check that these tables have not changed: ${tables.join(", ")}`),
    stopUnless(`(${schema}) = ${text(await digestNow(db, schema))}`, why),
    stopUnless(`(${deleteRulesOf(tables, own)}) = ${text(expectedDeleteRules(plan.catalog, tables, own))}`, why),
    stopUnless(`(${asideCount}) = 0`, "a run of `down` was not finished"),
  ];
  for (const part of changedParts(steps)) {
    const form = formOfPart(part);
    const changers = steps.filter(({ parts }) => parts.changed.some((each) => samePart(each, part)));
    lines.push(
      comment(`Check that ${part.kind} ${part.table}.${part.name} has not changed, except by a recorded step`),
      stopUnless([`(${form}) = ${text(await digestNow(db, form))}`, ...changers.map(isOurs)].join(" OR "), why),
    );
  }
  return [...lines, ...steps.flatMap(stepCheck)];
}

/** Existing parts that a step changes. A part that an earlier step creates does not count. */
function changedParts(steps: readonly DueStep[]): SchemaPart[] {
  const made: SchemaPart[] = [];
  const changed: SchemaPart[] = [];
  for (const { parts } of steps) {
    for (const part of parts.changed) {
      const isMade = made.some((each) => samePart(each, part) || (each.kind === "table" && each.name === part.table));
      if (!isMade && !changed.some((each) => samePart(each, part))) changed.push(part);
    }
    made.push(...parts.made);
  }
  return changed;
}

function stepCheck(step: DueStep): string[] {
  const there = `(${probe(step.step, step.facts)})`;
  if (step.now === "absent") {
    const condition = `${there} = 0 OR ${isRecorded(step)}`;
    return [
      comment(`Check step ${step.position}: ${step.title}`),
      stopUnless(condition, `step ${step.position} exists, but is not recorded`),
    ];
  }
  if (step.now === "present") {
    return [
      comment(`Check step ${step.position}: ${step.title}`),
      stopUnless(`${there} <> 0`, `step ${step.position} does not exist any more`),
    ];
  }
  return [];
}

function isRecorded({ migration, number }: DueStep): string {
  return `FIND_IN_SET(${text(`${migration}:${number}`)}, @ispyb_recorded)`;
}

function isOurs(step: DueStep): string {
  return `((${probe(step.step, step.facts)}) <> 0 AND ${isRecorded(step)})`;
}

async function digestNow(db: Db, sql: string): Promise<string> {
  const [row] = await db.rows<{ form: string }>(sql);
  return String(row?.form);
}
