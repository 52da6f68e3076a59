/**
 * How a script begins: what it says of itself, and what it asks before it changes anything. Everything
 * that the plan relies on is compared here, and nothing that the script itself brings about: run again,
 * it passes this place once more.
 */
import { shellWord } from "../db/client-command.ts";
import type { Db } from "../db/db.ts";
import { sessionStatements } from "../db/session.ts";
import type { Plan } from "../plan/read-plan.ts";
import { asideCount } from "../plan/set-aside.ts";
import type { PlannedRepeatable } from "../repeatables/repeatable.ts";
import { comment, runIf } from "../script-forms.ts";
import { text } from "../sql.ts";
import { advisoryLockName } from "../state/lease.ts";
import { journalTable } from "../state/tables.ts";
import { probe } from "../steps/index.ts";
import { tableProbe } from "../steps/probe.ts";
import { toolName, version } from "../version.ts";
import { type DueStep, ownParts, touchedTables } from "./due-steps.ts";
import { deleteRulesOf, expectedDeleteRules, formOfPart, formOfTables, roomForForms } from "./fingerprint.ts";
import { dueRepeatables, isRepeated, recordedForms } from "./repeatables.ts";
import { type SchemaPart, samePart } from "./schema-parts.ts";
import { go, stopUnless } from "./syntax.ts";

export function introduction(plan: Plan, steps: readonly DueStep[]): string[] {
  const { database } = plan.catalog;
  const { dialect, node } = plan.server;
  const migrations = new Set(steps.map(({ migration }) => migration)).size;
  const repeatables = dueRepeatables(plan).length;
  return [
    `${toolName} ${version} plan --sql: migrations ${migrations}, steps ${steps.length}, procedures and more ${repeatables}`,
    `for the database ${database} on ${dialect.product}, ${node}`,
    "",
    ...(steps.length + repeatables === 0
      ? ["Nothing is owed: every migration is applied."]
      : [
          `Run it with the stock client: ${dialect.names.client} --comments --database=${shellWord(database)} < THIS_FILE`,
          "It stops at the first error, and before its first change where the schema is no longer the one",
          "that it was written for: then write it anew. A stop of its own is an error 1146 about a table",
          "whose name says why. It may be run again at any time: it goes on where it stopped, and changes",
          `nothing when all is done. ${toolName} knows what it did: status, verify, up and down go on from it.`,
        ]),
  ].map(comment);
}

/** A session of ours, on the database and the server of the plan, and no other run beside it. */
export function arrival({ catalog, server }: Plan): string[] {
  const { database, lowerCaseTableNames } = catalog;
  const exact = (sql: string) => (lowerCaseTableNames === 0 ? `CAST(${sql} AS BINARY)` : `LOWER(${sql})`);
  const { can, names } = server.dialect;
  const algorithm = can.alterAlgorithmWins ? ["SET SESSION alter_algorithm = 'DEFAULT'"] : [];
  return [
    comment("The session, and where it is"),
    ...[...sessionStatements, ...algorithm, roomForForms, `SET ${go} = TRUE`].map((statement) => `${statement};`),
    stopUnless(`${exact("DATABASE()")} = ${exact(text(database))}`, "not the database of the plan"),
    stopUnless(names.sameSeries, "not the server version of the plan"),
    stopUnless(`GET_LOCK(${text(advisoryLockName(database))}, 0) = 1`, "another run changes this database"),
  ];
}

/** What the journal has of an earlier run: it may not be there yet. */
export function recollection(migrations: readonly string[], repeatables: readonly PlannedRepeatable[]): string[] {
  const recorded = (variable: string, what: string, where: string) =>
    runIf(
      `(${tableProbe(journalTable)}) > 0`,
      text(`SELECT COALESCE(GROUP_CONCAT(${what}), '') INTO ${variable} FROM ${journalTable} WHERE ${where}`),
    );
  const isOwed = (name: string) => `(FIND_IN_SET(${text(name)}, @ispyb_whole) = 0)`;
  return [
    "",
    comment("What earlier runs have recorded: steps of ours, and migrations as a whole"),
    "SET @ispyb_ours = '', @ispyb_whole = '', @ispyb_repeated = '';",
    recorded("@ispyb_ours", "CONCAT(migration, ':', step)", "state IN ('intended', 'done')"),
    recorded("@ispyb_whole", "migration", "step = 0"),
    runIf(`(${tableProbe(journalTable)}) > 0`, text(recordedForms)),
    `SET @ispyb_owed = ${[...migrations.map(isOwed), ...repeatables.map((each) => `(${isRepeated(each)} = 0)`)].join(" + ")};`,
  ];
}

/** The schema, but for what the steps themselves make or change, and then each of those. */
export async function comparison(db: Db, plan: Plan, steps: readonly DueStep[]): Promise<string[]> {
  const tables = touchedTables(steps, plan.catalog);
  const own = ownParts(steps, tables);
  const why = "the schema is not the one of the plan";
  const schema = formOfTables(tables, own, plan.server.dialect);
  const lines = [
    "",
    comment(`Tables that are touched: ${tables.join(", ")}`),
    stopUnless(`(${schema}) = ${text(await digestNow(db, schema))}`, why),
    stopUnless(`(${deleteRulesOf(tables, own)}) = ${text(expectedDeleteRules(plan.catalog, tables, own))}`, why),
    stopUnless(`(${asideCount}) = 0`, "a run of `down` is not at its end"),
  ];
  for (const part of changedParts(steps)) {
    const form = formOfPart(part);
    const changers = steps.filter(({ parts }) => parts.changed.some((each) => samePart(each, part)));
    lines.push(
      comment(`${part.kind} ${part.table}.${part.name} is as it was, or as a step of ours has left it`),
      stopUnless([`(${form}) = ${text(await digestNow(db, form))}`, ...changers.map(isOurs)].join(" OR "), why),
    );
  }
  return [...lines, ...steps.flatMap(presence)];
}

/** Parts that are there now and get another form; what is made before it is changed is no such part. */
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

function presence(step: DueStep): string[] {
  const there = `(${probe(step.step, step.facts)})`;
  if (step.now === "absent") {
    const condition = `${there} = 0 OR ${isRecorded(step)}`;
    return [
      comment(`Step ${step.position}: ${step.title}`),
      stopUnless(condition, `step ${step.position} was done by somebody else`),
    ];
  }
  if (step.now === "present") {
    return [
      comment(`Step ${step.position}: ${step.title}`),
      stopUnless(`${there} <> 0`, `step ${step.position} is no longer there`),
    ];
  }
  return [];
}

function isRecorded({ migration, number }: DueStep): string {
  return `FIND_IN_SET(${text(`${migration}:${number}`)}, @ispyb_ours)`;
}

function isOurs(step: DueStep): string {
  return `((${probe(step.step, step.facts)}) <> 0 AND ${isRecorded(step)})`;
}

async function digestNow(db: Db, sql: string): Promise<string> {
  const [row] = await db.rows<{ form: string }>(sql);
  return String(row?.form);
}
