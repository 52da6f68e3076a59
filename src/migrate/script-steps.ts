/**
 * The steps of a script, each as `up` does it: the catalog is asked, the intent is written, the
 * statement is sent, the catalog is asked again, the outcome is written. All of it hangs on the lease:
 * without the row that names this run nothing is recorded and nothing is sent.
 */
import { spellDifference } from "../catalog/difference.ts";
import { text } from "../sql.ts";
import type { Guard, Statement } from "../steps/contract.ts";
import { probe } from "../steps/index.ts";
import { version } from "../version.ts";
import { forecast } from "./forecast.ts";
import { recordStatement } from "./journal.ts";
import { claim, latchName, makeRow, prolong, release } from "./lease.ts";
import type { Migration } from "./load.ts";
import { comment, onlyIf, stopUnless, textOrNull } from "./script-lines.ts";
import type { OwedStep } from "./script-plan.ts";
import type { Survey } from "./survey.ts";
import { journalTable, leaseTable, toolTableStatements } from "./tool-tables.ts";

const mine = "id = 1 AND owner = @ispyb_owner AND fence = @ispyb_fence";

/** Writes what the variables say, or nothing where no state is given. */
const record = recordStatement(
  {
    migration: "@ispyb_migration",
    step: "@ispyb_step",
    what: "@ispyb_what",
    state: "@ispyb_state",
    checksum: "@ispyb_checksum",
    statement: "@ispyb_text",
    previous: "@ispyb_previous",
    node: "@ispyb_node",
    connection_id: "CONNECTION_ID()",
    account: "CURRENT_USER()",
    tool: text(version),
    finished: "IF(@ispyb_state = 'intended', NULL, UTC_TIMESTAMP(6))",
  },
  `${mine} AND @ispyb_state IS NOT NULL`,
);

/** The tool's tables and the lease; nobody needs it where nothing is owed any more. */
export function lease({ server }: Survey): string[] {
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
    ...toolTableStatements.map((statement) => `${statement};`),
    `SET @ispyb_owner = CONVERT(UUID() USING utf8mb4), @ispyb_node = ${server.nodeSql};`,
    `SET @ispyb_identity = ${server.cluster ? text(server.identity) : "@ispyb_node"};`,
    `${makeRow};`,
    `${claim(by)} AND @ispyb_owed > 0;`,
    `SET @ispyb_fence = (SELECT fence FROM ${leaseTable} WHERE id = 1 AND owner = @ispyb_owner);`,
    ...stopUnless("@ispyb_owed = 0 OR @ispyb_fence IS NOT NULL", "another run changes this database"),
    `PREPARE ispyb_record FROM ${text(record)};`,
  ];
}

export function stepLines(step: OwedStep, steps: readonly OwedStep[], found: Survey): string[] {
  const { position, migration, number, title, verdict, statement, madeWith } = step;
  const head = ["", comment(`Step ${position} of ${steps.length}: ${title} (${migration}, ${number})`)];
  if (verdict.state !== "absent") {
    const notices = verdict.notices.map((notice) => comment(`  ${spellDifference(notice)}`));
    return [
      ...head,
      comment("  is there already"),
      ...notices,
      ...ask(step),
      ...stopUnless(there, `step ${position} is not there`),
      ...settle(step),
    ];
  }
  if (statement !== undefined) return [...head, ...bringAbout(step, [step, ...matesOf(step, steps)], statement, found)];
  const leader = steps.find((each) => isSamePlace(each, madeWith));
  return [...head, comment(`  is made together with step ${leader?.position}`)];
}

/** What is not recorded as a whole becomes so where each of its steps is. */
export function wholeLines({ name, checksum, steps }: Migration): string[] {
  const outcome =
    "SELECT CASE WHEN SUM(step = 0) > 0 OR SUM(state IN ('found', 'done')) < " +
    `${steps.length} THEN NULL WHEN SUM(state = 'found') = ${steps.length} THEN 'found' ELSE 'done' END`;
  return [
    "",
    comment(`${name} as a whole`),
    `SET @ispyb_migration = ${text(name)}, @ispyb_step = 0, @ispyb_what = 'migration', @ispyb_checksum = ${text(checksum)}, @ispyb_text = NULL, @ispyb_previous = NULL;`,
    `SET @ispyb_state = (${outcome} FROM ${journalTable} WHERE migration = @ispyb_migration);`,
    "EXECUTE ispyb_record;",
  ];
}

export function farewell({ catalog }: Survey): string[] {
  return [
    "",
    comment("The lease goes back"),
    `${release(mine)};`,
    `DO RELEASE_LOCK(${text(latchName(catalog.database))});`,
    `SELECT migration, step, what, state FROM ${journalTable} WHERE fence = @ispyb_fence AND @ispyb_owed > 0 ORDER BY id;`,
    "SELECT IF(@ispyb_owed = 0, 'all of it was done already, nothing was changed', CONCAT(@ispyb_owed, ' migrations were applied and recorded')) AS `ispyb-migrate`;",
  ];
}

function bringAbout(step: OwedStep, places: readonly OwedStep[], statement: Statement, found: Survey): string[] {
  const { algorithm, lock, blocked, seconds } = forecast(statement, found.server, found.sizes);
  const { guard, session = {}, effect } = statement;
  const names = Object.entries(session);
  return [
    ...(statement.online === undefined ? [] : [comment(`  ALGORITHM=${algorithm}, LOCK=${lock}`)]),
    comment(`  blocks: ${blocked}`),
    ...(effect === undefined ? [] : [comment(`  ${effect}`)]),
    ...(statement.repeats === true
      ? [comment("  in one transaction, where up takes a few thousand rows at a time")]
      : []),
    ...ask(step),
    ...(guard === undefined ? [] : countBefore(guard, step)),
    `${prolong(String(60 + 4 * seconds), mine)};`,
    `SET @ispyb_held = (SELECT COUNT(*) FROM ${leaseTable} WHERE ${mine});`,
    ...stopUnless("@ispyb_owed = 0 OR @ispyb_held = 1", "another run has taken over the lease"),
    ...places.flatMap((place) => intend(place, sqlOf(statement))),
    ...names.flatMap(([name, value], at) => [
      `SET @ispyb_session_${at} = @@SESSION.${name};`,
      `SET SESSION ${name} = ${value};`,
    ]),
    ...onlyIf(`@ispyb_there = 0 AND @ispyb_held = 1`, "@ispyb_text"),
    ...names.map(([name], at) => `SET SESSION ${name} = @ispyb_session_${at};`),
    ...ask(step),
    ...stopUnless(there, `step ${step.position} is not there`),
    ...(guard === undefined ? [] : countAfter(guard, step)),
    ...places.flatMap(settle),
  ];
}

const there = "@ispyb_there <> 0";

function ask(step: OwedStep): string[] {
  return [`SET @ispyb_there = (${probe(step.step, step.facts)});`];
}

/** A batch cannot be repeated in plain SQL until it finds no row any more. */
function sqlOf({ sql, repeats }: Statement): string {
  return repeats === true ? sql.replace(/ LIMIT \d+$/, "") : sql;
}

function placing({ migration, number, title }: OwedStep): string {
  return `@ispyb_migration = ${text(migration)}, @ispyb_step = ${number}, @ispyb_what = ${text(title)}, @ispyb_checksum = NULL`;
}

function intend(step: OwedStep, sql: string): string[] {
  const previous = step.own?.before === undefined ? undefined : JSON.stringify(step.own.before);
  return [
    `SET ${placing(step)}, @ispyb_previous = ${textOrNull(previous)}, @ispyb_text = ${text(sql)};`,
    "SET @ispyb_state = IF(@ispyb_there = 0, 'intended', NULL); EXECUTE ispyb_record;",
  ];
}

/** What was intended is done now; what nobody intended was there before. */
function settle(step: OwedStep): string[] {
  const outcome =
    "CASE @ispyb_was WHEN 'done' THEN NULL WHEN 'found' THEN NULL WHEN 'intended' THEN 'done' ELSE 'found' END";
  return [...recall(step), `SET @ispyb_state = ${outcome}; EXECUTE ispyb_record;`];
}

function recall(step: OwedStep): string[] {
  return [
    `SET ${placing(step)}, @ispyb_previous = NULL, @ispyb_text = NULL;`,
    `SET @ispyb_was = COALESCE((SELECT state FROM ${journalTable} WHERE migration = @ispyb_migration AND step = @ispyb_step), '');`,
  ];
}

function countBefore(guard: Guard, { position }: OwedStep): string[] {
  return [
    comment(`  before and after: no ${guard.counts}`),
    `SET @ispyb_count = IF(@ispyb_there = 0, (${guard.sql}), 0);`,
    ...stopUnless("@ispyb_count = 0", `rows stand against step ${position}`),
  ];
}

/** Owed until the step is recorded as done: rows may have been written while the statement ran. */
function countAfter(guard: Guard, step: OwedStep): string[] {
  return [
    ...recall(step),
    `SET @ispyb_count = IF(@ispyb_was = 'intended', (${guard.sql}), 0);`,
    ...onlyIf("@ispyb_count > 0", text(guard.undo.sql)),
    "SET @ispyb_state = IF(@ispyb_count > 0, 'not done', NULL); EXECUTE ispyb_record;",
    ...stopUnless("@ispyb_count = 0", `rows stand against step ${step.position}`),
  ];
}

function matesOf(leader: OwedStep, steps: readonly OwedStep[]): OwedStep[] {
  return steps.filter(({ madeWith }) => isSamePlace(leader, madeWith));
}

function isSamePlace(step: OwedStep, other: OwedStep["madeWith"]): boolean {
  return step.migration === other?.migration && step.number === other.number;
}
