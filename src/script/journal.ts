/**
 * Lease and journal of a script. Every change depends on the lease: without a lease row that names this run nothing is
 * recorded, and a statement is sent only after its intent was recorded.
 */
import type { Forecast } from "../plan/forecast.ts";
import type { Migration } from "../plan/load-migrations.ts";
import type { Plan } from "../plan/read-plan.ts";
import { comment, runIf } from "../script-forms.ts";
import { text } from "../sql.ts";
import { givenPrevious, recordStatement } from "../state/journal.ts";
import { repeatableKinds } from "../state/repeatable-names.ts";
import {
  advisoryLockName,
  byScript,
  claimLease,
  insertLeaseRow,
  releaseLease,
  renewLease,
} from "../state/lease-sql.ts";
import { leaseFor, leaseTimes } from "../state/lease-times.ts";
import { addPrevious, journalTable, leaseTable, toolTableStatements } from "../state/tables.ts";
import { columnProbe } from "../steps/probe.ts";
import { version } from "../version.ts";
import type { DueStep } from "./due-steps.ts";
import { checksPass, stopUnless, textOrNull } from "./syntax.ts";

const mine = "id = 1 AND owner = @ispyb_owner AND fence = @ispyb_fence";
const thisStep = "migration = @ispyb_migration AND step = @ispyb_step";

function record(state: string, finished: string, condition: string, previous?: string): string {
  const values = {
    migration: "@ispyb_migration",
    step: "@ispyb_step",
    what: "@ispyb_what",
    state,
    checksum: "@ispyb_checksum",
    statement: "@ispyb_text",
    previous: "@ispyb_previous",
    node: "@ispyb_node",
    connection_id: "CONNECTION_ID()",
    account: "CURRENT_USER()",
    tool: text(version),
    finished,
  };
  return recordStatement(values, `${mine} AND ${checksPass} AND ${condition}`, previous);
}

/** True if an earlier run recorded the step whose state was just read. */
export const wasRecorded = "@ispyb_state_before IN ('done', 'found')";

/** Ends steps that are intended, by this run or by one that was cut off. */
function end(state: string): string {
  return (
    `UPDATE ${journalTable} SET state = ${text(state)}, finished_at = UTC_TIMESTAMP(6), node = @ispyb_node, ` +
    "connection_id = CONNECTION_ID(), fence = @ispyb_fence, account = CURRENT_USER() " +
    "WHERE state = 'intended' AND FIND_IN_SET(CONCAT(migration, ':', step), @ispyb_steps) " +
    `AND EXISTS (SELECT 1 FROM ${leaseTable} WHERE ${mine})`
  );
}

/** Statements that are prepared once and executed by name for every step. */
const prepared: Readonly<Record<string, string>> = {
  ispyb_renew_lease: renewLease("@ispyb_lease_seconds", mine),
  ispyb_check_lease: `SELECT COUNT(*) INTO @ispyb_held FROM ${leaseTable} WHERE ${mine}`,
  ispyb_read_state: `SELECT COALESCE(MAX(state), '') INTO @ispyb_state_before FROM ${journalTable} WHERE ${thisStep}`,
  ispyb_intend: record("'intended'", "NULL", "@ispyb_there = 0"),
  ispyb_intend_given: record("'intended'", "NULL", "@ispyb_there = 0", givenPrevious),
  ispyb_done: end("done"),
  ispyb_not_done: end("not done"),
  ispyb_adopt: record(
    "IF(@ispyb_state_before = 'intended', 'done', 'found')",
    "UTC_TIMESTAMP(6)",
    "@ispyb_state_before NOT IN ('done', 'found')",
  ),
  ispyb_applied: record("@ispyb_state", "UTC_TIMESTAMP(6)", "@ispyb_state IS NOT NULL"),
};

/** Creates the tool's tables and takes the lease, unless nothing is pending any more. */
export function leaseLines({ server }: Plan): string[] {
  const by = {
    owner: "@ispyb_owner",
    holder: `CONCAT(CURRENT_USER(), ' ${byScript}')`,
    identity: "@ispyb_identity",
    node: "@ispyb_node",
    connection: "CONNECTION_ID()",
    seconds: String(leaseTimes.ttl),
    silence: String(leaseTimes.silence),
  };
  return [
    "",
    comment("Create the tables of ispyb-migrate, and take the lease: it keeps other runs out"),
    ...toolTableStatements.map((statement) => runIf(checksPass, text(statement))),
    runIf(`${checksPass} AND @ispyb_pending > 0 AND (${columnProbe(journalTable, "previous")}) = 0`, text(addPrevious)),
    `SET @ispyb_owner = CONVERT(UUID() USING utf8mb4), @ispyb_node = ${server.nodeSql};`,
    `SET @ispyb_identity = ${server.cluster ? text(server.identity) : "@ispyb_node"};`,
    `${insertLeaseRow};`,
    `${claimLease(by)} AND @ispyb_pending > 0 AND ${checksPass};`,
    `SET @ispyb_fence = (SELECT fence FROM ${leaseTable} WHERE id = 1 AND owner = @ispyb_owner);`,
    stopUnless("@ispyb_pending = 0 OR @ispyb_fence IS NOT NULL", "another run is changing this database"),
    ...Object.entries(prepared).map(([name, sql]) => `PREPARE ${name} FROM ${text(sql)};`),
  ];
}

export function endLines({ catalog }: Plan): string[] {
  return [
    "",
    comment("Release the lease"),
    `${releaseLease(mine)};`,
    `DO RELEASE_LOCK(${text(advisoryLockName(catalog.database))});`,
    `SELECT migration, step, what, state FROM ${journalTable} WHERE fence = @ispyb_fence AND @ispyb_pending > 0 ORDER BY id;`,
    "SELECT IF(@ispyb_pending = 0, 'everything was already applied, nothing was changed', " +
      `CONCAT('recorded: ', COUNT(*), ' of ', @ispyb_pending)) AS \`ispyb-migrate\` FROM ${journalTable} WHERE (step = 0 OR SUBSTRING_INDEX(migration, '/', 1) IN (${repeatableKinds.map(text).join(", ")})) AND fence = @ispyb_fence;`,
  ];
}

/** Renews the lease for as long as the statement may take, and stops if another run took it over. */
export function holdLease({ seconds, reads }: Pick<Forecast, "seconds" | "reads">): string[] {
  return [
    `SET @ispyb_lease_seconds = ${leaseFor(seconds, reads?.bytes)}; EXECUTE ispyb_renew_lease; EXECUTE ispyb_check_lease;`,
    stopUnless("@ispyb_pending = 0 OR @ispyb_held = 1", "another run took over the lease"),
  ];
}

/** Records the intent, before the statement in @ispyb_text is sent. */
export function intend(step: DueStep): string {
  const previous = step.own?.before === undefined ? undefined : JSON.stringify(step.own.before);
  return `${setStep(step)}, @ispyb_previous = ${textOrNull(previous)}; EXECUTE ispyb_intend;`;
}

/** Records a step that is already there: as done if a run that was cut off had intended it, else as found. */
export function recordAdopted(step: DueStep): string {
  return `${setStep(step)}, @ispyb_text = NULL, @ispyb_previous = NULL; EXECUTE ispyb_read_state; EXECUTE ispyb_adopt;`;
}

/** Records the outcome, after the statement, if the condition is true. */
export function conclude(refs: readonly DueStep[], as: "ispyb_done" | "ispyb_not_done", condition: string): string {
  const names = refs.map(({ migration, number }) => `${migration}:${number}`);
  return `SET @ispyb_steps = IF(${condition}, ${text(names.join(","))}, ''); EXECUTE ${as};`;
}

/** Records the migration itself once all its steps are recorded. */
export function recordMigration({ name, checksum: digest, steps }: Migration): string[] {
  const outcome =
    "SELECT CASE WHEN SUM(step = 0) > 0 OR SUM(state IN ('found', 'done')) < " +
    `${steps.length} THEN NULL WHEN SUM(state = 'found') = ${steps.length} THEN 'found' ELSE 'done' END`;
  return [
    "",
    comment(`Record ${name} as applied, if all its steps are recorded`),
    `SET @ispyb_migration = ${text(name)}, @ispyb_step = 0, @ispyb_what = 'migration', @ispyb_checksum = ${text(digest)}, @ispyb_text = NULL, @ispyb_previous = NULL;`,
    `SET @ispyb_state = (${outcome} FROM ${journalTable} WHERE migration = @ispyb_migration); EXECUTE ispyb_applied;`,
  ];
}

/** Sets the session variables that name the current step. */
export function setStep({ checksum, migration, number, title }: DueStep): string {
  const place = `@ispyb_migration = ${text(migration)}, @ispyb_step = ${number}`;
  return `SET ${place}, @ispyb_what = ${text(title)}, @ispyb_checksum = ${text(checksum)}`;
}
