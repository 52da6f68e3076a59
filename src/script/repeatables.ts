/**
 * Procedures, rows of SchemaStatus and privileges in a script. Plain SQL has no conditional statement, and
 * only newer MariaDB prepares a CREATE PROCEDURE: so what is new is made where it is not there, what is
 * to be replaced is replaced where the server can do that under a condition, and else left to `up`.
 */
import type { Plan } from "../plan/read-plan.ts";
import { beforeOf } from "../repeatables/execute.ts";
import { type PlannedRepeatable, isRepeatableDue } from "../repeatables/repeatable.ts";
import { comment, runIf } from "../script-forms.ts";
import { text } from "../sql.ts";
import { SELF_STEP } from "../state/previous.ts";
import { objectOf } from "../state/repeatable-names.ts";
import { journalTable } from "../state/tables.ts";
import type { Statement } from "../steps/contract.ts";
import { hold } from "./journal.ts";
import { go, stopUnless, textOrNull } from "./syntax.ts";

/** With procedures that this account would not see: the script itself looks whether they are there. */
export function dueRepeatables(plan: Plan): PlannedRepeatable[] {
  return candidates(plan).filter((each) => canBeScripted(each, plan));
}

/** What no script can do on this server; `up` does it. */
export function leftToUp(plan: Plan): PlannedRepeatable[] {
  return candidates(plan).filter((each) => !canBeScripted(each, plan));
}

/** What is recorded of them in the form that the script gives them, for `isRepeated`. */
export const recordedForms = `SELECT COALESCE(GROUP_CONCAT(CONCAT(migration, '=', checksum)), '') INTO @ispyb_repeated FROM ${journalTable} WHERE step = ${SELF_STEP} AND state IN ('done', 'found') AND migration LIKE '%/%'`;

export function isRepeated({ name, checksum }: PlannedRepeatable): string {
  return `FIND_IN_SET(${text(`${name}=${checksum}`)}, @ispyb_repeated)`;
}

/** Nobody made one of these procedures since the plan, or changed one that is to be replaced. */
export function procedureChecks(plan: Plan): string[] {
  const owed = dueRepeatables(plan).filter(({ kind }) => kind === "procedures");
  return [
    ...owed.filter(({ live }) => live.state === "absent").map((each) => unlessMade(each, "0")),
    ...owed.flatMap((each) => {
      const { live } = each;
      return live.state === "different" && live.digest !== undefined ? [unlessMade(each, text(live.digest))] : [];
    }),
  ];
}

export function repeatableLines(plan: Plan): string[] {
  const left = leftToUp(plan).map(({ title }) =>
    comment(`${title} cannot be replaced by a script on this server: \`up\` does it`),
  );
  return [...(left.length === 0 ? [] : ["", ...left]), ...dueRepeatables(plan).flatMap((each) => linesOf(each, plan))];
}

// --- internal ---

function candidates({ repeatables }: Plan): PlannedRepeatable[] {
  return repeatables.flatMap((each): PlannedRepeatable[] => {
    if (isRepeatableDue(each, false)) return [each];
    const { live } = each;
    if (each.state !== "hidden" || live.state !== "hidden" || live.ifAbsent === undefined) return [];
    return [{ ...each, live: { state: "absent", differences: [], change: live.ifAbsent } }];
  });
}

function canBeScripted({ kind, live }: PlannedRepeatable, { server }: Plan): boolean {
  const { can } = server.dialect;
  if (kind !== "procedures") return true;
  if (live.state === "different") return can.prepareReplaceProcedure;
  // One statement, and not the rest of a replacement that was cut off.
  if (live.state === "absent" && live.change.statements.length > 1) return false;
  return can.createProcedureIfNotExists;
}

/** The form is that of `digest` in src/repeatables/procedures/live.ts; 0 where there is no such procedure. */
function unlessMade(each: PlannedRepeatable, form: string): string {
  const name = text(objectOf(each.name));
  const now =
    "(SELECT COALESCE(MAX(SHA2(CONCAT_WS(' ', QUOTE(ROUTINE_DEFINITION), SQL_MODE, SECURITY_TYPE, DEFINER), 256)), 0) " +
    "FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE = 'PROCEDURE' " +
    `AND ROUTINE_NAME = ${name})`;
  return stopUnless(`${now} = ${form} OR ${isRepeated(each)}`, "a procedure is not as it was");
}

function linesOf(each: PlannedRepeatable, plan: Plan): string[] {
  const { live, title } = each;
  const head = ["", comment(title)];
  if (live.state === "present") return [...head, comment("  is there already"), about(each, null, null), recordFound];
  if (live.state !== "absent" && live.state !== "different") return [];
  const { statements } = live.change;
  const sent = statements.map(({ sql }) => `${sql};`).join("\n");
  return [
    ...head,
    about(each, sent, JSON.stringify(beforeOf(each, live.change))),
    ...hold(0),
    `SET @ispyb_there = IF(${isRepeated(each)}, 1, 0); EXECUTE ispyb_intend_given;`,
    ...statements.flatMap((statement) => send(statement, each, plan)),
    `SET @ispyb_places = ${text(`${each.name}:${SELF_STEP}`)}; EXECUTE ispyb_done;`,
  ];
}

const recordFound = "EXECUTE ispyb_recall; EXECUTE ispyb_found;";

function about({ name, title, checksum }: PlannedRepeatable, sent: string | null, previous: string | null): string {
  const values = {
    migration: text(name),
    step: SELF_STEP,
    what: text(title),
    checksum: text(checksum),
    text: textOrNull(sent ?? undefined),
    previous: textOrNull(previous ?? undefined),
  };
  const pairs = Object.entries(values).map(([key, value]) => `@ispyb_${key} = ${value}`);
  return `SET ${pairs.join(", ")};`;
}

function send({ sql }: Statement, { kind, live }: PlannedRepeatable, plan: Plan): string[] {
  const isPlain = sql.startsWith("CREATE ROLE") || (kind === "procedures" && live.state === "absent");
  if (!isPlain) return [runIf(`@ispyb_there = 0 AND @ispyb_held = 1 AND ${go}`, text(sql))];
  const readOnly = plan.server.dialect.names.readOnlyVariable;
  return [
    // A client that goes on after an error is refused in a session that may only read.
    `SET SESSION ${readOnly} = IF(${go} AND (@ispyb_held = 1 OR @ispyb_owed = 0), 0, 1);`,
    "DELIMITER ;;",
    `${sql.replace(/^CREATE (.*?)(PROCEDURE|ROLE) /, "CREATE $1$2 IF NOT EXISTS ")};;`,
    "DELIMITER ;",
    `SET SESSION ${readOnly} = 0;`,
  ];
}
