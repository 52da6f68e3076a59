/**
 * Lease and journal of a script. Everything that it changes hangs on the lease: without the row that
 * names this run nothing is recorded, and what was not recorded as intended is not sent.
 */
import type { Migration } from "../plan/load-migrations.ts";
import type { Plan } from "../plan/read-plan.ts";
import { checksum } from "../run/checksum.ts";
import { comment, runIf } from "../script-forms.ts";
import { text } from "../sql.ts";
import { givenPrevious, recordStatement } from "../state/journal.ts";
import { advisoryLockName, claimLease, insertLeaseRow, releaseLease, renewLease } from "../state/lease.ts";
import { addPrevious, journalTable, leaseTable, toolTableStatements } from "../state/tables.ts";
import { columnProbe } from "../steps/probe.ts";
import { version } from "../version.ts";
import type { DueStep } from "./due-steps.ts";
import { go, stopUnless, textOrNull } from "./syntax.ts";

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
  return recordStatement(values, `${mine} AND ${go} AND ${condition}`, previous);
}

/** What was intended, by this run or by one that was cut off, comes to its end. */
function end(state: string): string {
  return (
    `UPDATE ${journalTable} SET state = ${text(state)}, finished_at = UTC_TIMESTAMP(6), node = @ispyb_node, ` +
    "connection_id = CONNECTION_ID(), fence = @ispyb_fence, account = CURRENT_USER() " +
    "WHERE state = 'intended' AND FIND_IN_SET(CONCAT(migration, ':', step), @ispyb_places) " +
    `AND EXISTS (SELECT 1 FROM ${leaseTable} WHERE ${mine})`
  );
}

/** Said once, and run for every step by name. */
const prepared: Readonly<Record<string, string>> = {
  ispyb_prolong: renewLease("@ispyb_seconds", mine),
  ispyb_hold: `SELECT COUNT(*) INTO @ispyb_held FROM ${leaseTable} WHERE ${mine}`,
  ispyb_recall: `SELECT COALESCE(MAX(state), '') INTO @ispyb_was FROM ${journalTable} WHERE ${thisStep}`,
  ispyb_intend: record("'intended'", "NULL", "@ispyb_there = 0"),
  ispyb_intend_given: record("'intended'", "NULL", "@ispyb_there = 0", givenPrevious),
  ispyb_done: end("done"),
  ispyb_not_done: end("not done"),
  ispyb_found: record(
    "IF(@ispyb_was = 'intended', 'done', 'found')",
    "UTC_TIMESTAMP(6)",
    "@ispyb_was NOT IN ('done', 'found')",
  ),
  ispyb_whole: record("@ispyb_state", "UTC_TIMESTAMP(6)", "@ispyb_state IS NOT NULL"),
};

/** The tool's tables and the lease; nobody needs it where nothing is pending any more. `node` is SQL. */
export function beginning({ server }: Plan, node: string): string[] {
  const by = {
    owner: "@ispyb_owner",
    holder: "CONCAT(CURRENT_USER(), ' with a script of plan --sql')",
    identity: "@ispyb_identity",
    node: "@ispyb_node",
    connection: "CONNECTION_ID()",
  };
  return [
    "",
    comment("The tables of ispyb-migrate, and the lease, by which no other run changes this database"),
    ...toolTableStatements.map((statement) => runIf(go, text(statement))),
    runIf(`${go} AND @ispyb_owed > 0 AND (${columnProbe(journalTable, "previous")}) = 0`, text(addPrevious)),
    `SET @ispyb_owner = CONVERT(UUID() USING utf8mb4), @ispyb_node = ${node};`,
    `SET @ispyb_identity = ${server.cluster ? text(server.identity) : "@ispyb_node"};`,
    `${insertLeaseRow};`,
    `${claimLease(by)} AND @ispyb_owed > 0 AND ${go};`,
    `SET @ispyb_fence = (SELECT fence FROM ${leaseTable} WHERE id = 1 AND owner = @ispyb_owner);`,
    stopUnless("@ispyb_owed = 0 OR @ispyb_fence IS NOT NULL", "another run changes this database"),
    ...Object.entries(prepared).map(([name, sql]) => `PREPARE ${name} FROM ${text(sql)};`),
  ];
}

export function ending({ catalog }: Plan): string[] {
  return [
    "",
    comment("The lease goes back"),
    `${releaseLease(mine)};`,
    `DO RELEASE_LOCK(${text(advisoryLockName(catalog.database))});`,
    `SELECT migration, step, what, state FROM ${journalTable} WHERE fence = @ispyb_fence AND @ispyb_owed > 0 ORDER BY id;`,
    "SELECT IF(@ispyb_owed = 0, 'all of it was done already, nothing was changed', " +
      `CONCAT('recorded: ', COUNT(*), ' of ', @ispyb_owed)) AS \`ispyb-migrate\` FROM ${journalTable} WHERE (step = 0 OR migration LIKE '%/%') AND fence = @ispyb_fence;`,
  ];
}

/** The lease, for as long as the statement may take even where it stalls everybody. */
export function hold(seconds: number): string[] {
  return [
    `SET @ispyb_seconds = ${60 + 4 * seconds}; EXECUTE ispyb_prolong; EXECUTE ispyb_hold;`,
    stopUnless("@ispyb_owed = 0 OR @ispyb_held = 1", "another run has taken over the lease"),
  ];
}

/** Before the statement in @ispyb_text. */
export function intend(step: DueStep): string {
  const previous = step.own?.before === undefined ? undefined : JSON.stringify(step.own.before);
  return `${about(step)}, @ispyb_previous = ${textOrNull(previous)}; EXECUTE ispyb_intend;`;
}

/** For a step that nobody has to make; one that a cut off run intended was made by it. */
export function recordFound(step: DueStep): string {
  return `${about(step)}, @ispyb_text = NULL, @ispyb_previous = NULL; EXECUTE ispyb_recall; EXECUTE ispyb_found;`;
}

/** After the statement, where the condition is true. */
export function conclude(refs: readonly DueStep[], as: "ispyb_done" | "ispyb_not_done", condition: string): string {
  const names = refs.map(({ migration, number }) => `${migration}:${number}`);
  return `SET @ispyb_places = IF(${condition}, ${text(names.join(","))}, ''); EXECUTE ${as};`;
}

/** A migration becomes one whole where each of its steps is recorded. */
export function recordWhole({ name, checksum: digest, steps }: Migration): string[] {
  const outcome =
    "SELECT CASE WHEN SUM(step = 0) > 0 OR SUM(state IN ('found', 'done')) < " +
    `${steps.length} THEN NULL WHEN SUM(state = 'found') = ${steps.length} THEN 'found' ELSE 'done' END`;
  return [
    "",
    comment(`${name} as a whole`),
    `SET @ispyb_migration = ${text(name)}, @ispyb_step = 0, @ispyb_what = 'migration', @ispyb_checksum = ${text(digest)}, @ispyb_text = NULL, @ispyb_previous = NULL;`,
    `SET @ispyb_state = (${outcome} FROM ${journalTable} WHERE migration = @ispyb_migration); EXECUTE ispyb_whole;`,
  ];
}

/** Which step is spoken of from here on. */
export function about({ migration, number, title, step }: DueStep): string {
  const place = `@ispyb_migration = ${text(migration)}, @ispyb_step = ${number}`;
  return `SET ${place}, @ispyb_what = ${text(title)}, @ispyb_checksum = ${text(checksum([step]))}`;
}
