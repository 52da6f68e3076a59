/**
 * Procedures, rows of SchemaStatus and privileges in a script. No supported server prepares a CREATE
 * PROCEDURE everywhere, and so its text stands in the script as it is: a session that may only read
 * keeps a client that goes on after an error from sending it.
 */
import { text } from "../../sql.ts";
import { atLeast } from "../../dialect/version.ts";
import type { Statement } from "../../steps/contract.ts";
import { type Change, OWN_STEP, type SurveyedRepeatable, isRepeatOwed } from "../repeat/repeatable.ts";
import type { Survey } from "../survey.ts";
import { journalTable } from "../tool-tables.ts";
import { hold } from "./journal.ts";
import { comment, go, onlyIf, stopUnless, textOrNull } from "./lines.ts";

/** With procedures that this account would not see: the script itself looks whether they are there. */
export function owedRepeatables({ repeatables }: Survey): SurveyedRepeatable[] {
  return repeatables.flatMap((each): SurveyedRepeatable[] => {
    if (isRepeatOwed(each, false)) return [each];
    const { live } = each;
    if (each.state !== "hidden" || live.state !== "hidden" || live.ifAbsent === undefined) return [];
    return [{ ...each, live: { state: "absent", differences: [], change: live.ifAbsent } }];
  });
}

/** What is recorded of them in the form that the script gives them: SQL for a list, and for one of its words. */
export const recordedForms = `SELECT COALESCE(GROUP_CONCAT(CONCAT(migration, '=', checksum)), '') INTO @ispyb_repeated FROM ${journalTable} WHERE step = ${OWN_STEP} AND state IN ('done', 'found') AND migration LIKE '%/%'`;

export function isRepeated({ name, checksum }: SurveyedRepeatable): string {
  return `FIND_IN_SET(${text(`${name}=${checksum}`)}, @ispyb_repeated)`;
}

/** Nobody made or changed one of these procedures since the plan. */
export function procedureChecks(found: Survey): string[] {
  const owed = owedRepeatables(found).filter(({ kind, live }) => kind === "procedures" && live.state === "absent");
  if (owed.length === 0) return [];
  const names = owed.map(({ name }) => text(procedureOf(name))).join(", ");
  const recorded = owed.map(isRepeated).join(" + ");
  return [
    comment("Procedures that are made are not there, but for those that this script has made"),
    stopUnless(
      `(SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE = 'PROCEDURE' ` +
        `AND ROUTINE_NAME IN (${names})) <= IF(${recorded} > 0, ${owed.length}, 0)`,
      "a procedure was made by somebody else",
    ),
  ];
}

export function repeatableLines(found: Survey): string[] {
  return owedRepeatables(found).flatMap((each) => linesOf(each, found));
}

// --- internal ---

function procedureOf(name: string): string {
  return name.slice(name.indexOf("/") + 1);
}

function linesOf(each: SurveyedRepeatable, found: Survey): string[] {
  const { live, title } = each;
  const head = ["", comment(title)];
  if (live.state === "present") return [...head, comment("  is there already"), about(each, null, null), recordFound];
  if (live.state !== "absent" && live.state !== "different") return [];
  const { before, statements } = live.change;
  const sent = statements.map(({ sql }) => `${sql};`).join("\n");
  return [
    ...head,
    about(each, sent, JSON.stringify(before)),
    ...hold(0),
    `SET @ispyb_there = IF(${isRepeated(each)}, 1, 0); EXECUTE ispyb_intend;`,
    ...statements.flatMap((statement) => send(statement, each, live.change, found)),
    `SET @ispyb_places = ${text(`${each.name}:${OWN_STEP}`)}; EXECUTE ispyb_done;`,
  ];
}

const recordFound = "EXECUTE ispyb_recall; EXECUTE ispyb_found;";

function about({ name, title, checksum }: SurveyedRepeatable, sent: string | null, previous: string | null): string {
  const values = {
    migration: text(name),
    step: OWN_STEP,
    what: text(title),
    checksum: text(checksum),
    text: textOrNull(sent ?? undefined),
    previous: textOrNull(previous ?? undefined),
  };
  return `SET ${Object.entries(values)
    .map(([key, value]) => `@ispyb_${key} = ${value}`)
    .join(", ")};`;
}

function send({ sql }: Statement, { kind }: SurveyedRepeatable, { statements }: Change, found: Survey): string[] {
  if (kind !== "procedures" && !sql.startsWith("CREATE ROLE")) {
    return [onlyIf(`@ispyb_there = 0 AND @ispyb_held = 1 AND ${go}`, text(sql))];
  }
  const { dialect } = found.server;
  const readOnly = dialect.vendor === "mariadb" ? "tx_read_only" : "transaction_read_only";
  return [
    `SET SESSION ${readOnly} = IF(${go} AND (@ispyb_held = 1 OR @ispyb_owed = 0), 0, 1);`,
    "DELIMITER ;;",
    `${again(sql, statements.length === 1 && canIfNotExists(found))};;`,
    "DELIMITER ;",
    `SET SESSION ${readOnly} = 0;`,
  ];
}

/** The same statement, which may be run again. */
function again(sql: string, ifNotExists: boolean): string {
  if (sql.startsWith("DROP PROCEDURE ")) return sql.replace("DROP PROCEDURE ", "DROP PROCEDURE IF EXISTS ");
  if (sql.startsWith("CREATE ROLE ")) return sql.replace("CREATE ROLE ", "CREATE ROLE IF NOT EXISTS ");
  if (sql.startsWith("CREATE OR REPLACE ")) return sql;
  return ifNotExists ? sql.replace(/\bPROCEDURE /, "PROCEDURE IF NOT EXISTS ") : sql;
}

function canIfNotExists({ server: { dialect } }: Survey): boolean {
  return dialect.vendor === "mariadb" || atLeast(dialect.version, [8, 0, 29]);
}
