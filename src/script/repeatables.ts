/**
 * Procedures, rows of SchemaStatus and privileges in a script. Plain SQL has no conditional statement, and only newer
 * MariaDB can prepare a CREATE PROCEDURE. New procedures are created with IF NOT EXISTS. Existing ones are replaced if
 * the server can do that under a condition; otherwise `up` has to replace them.
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
import { holdLease } from "./journal.ts";
import { checksPass, stopUnless, textOrNull } from "./syntax.ts";

/** The repeatables of the script, with procedures that this account cannot see: the script checks if they exist. */
export function dueRepeatables(plan: Plan): PlannedRepeatable[] {
  return candidates(plan).filter((each) => canBeScripted(each, plan));
}

/** The repeatables that only `up` can write on this server. */
export function leftToUp(plan: Plan): PlannedRepeatable[] {
  return candidates(plan).filter((each) => !canBeScripted(each, plan));
}

/** SQL that reads name and checksum of the recorded repeatables, for `isRepeated`. */
export const recordedForms = `SELECT COALESCE(GROUP_CONCAT(CONCAT(migration, '=', checksum)), '') INTO @ispyb_repeatables FROM ${journalTable} WHERE step = ${SELF_STEP} AND state IN ('done', 'found') AND migration LIKE '%/%'`;

export function isRepeated({ name, checksum }: PlannedRepeatable): string {
  return `FIND_IN_SET(${text(`${name}=${checksum}`)}, @ispyb_repeatables)`;
}

/** Checks that no procedure was created or changed since the plan. */
export function procedureChecks(plan: Plan): string[] {
  const pending = dueRepeatables(plan).filter(({ kind }) => kind === "procedures");
  return [
    ...pending.filter(({ live }) => live.state === "absent").map((each) => stopIfChanged(each, "0")),
    ...pending.flatMap((each) => {
      const { live } = each;
      return live.state === "different" && live.digest !== undefined ? [stopIfChanged(each, text(live.digest))] : [];
    }),
  ];
}

export function repeatableLines(plan: Plan): string[] {
  const left = leftToUp(plan).map(({ title }) =>
    comment(`${title}: a script cannot create or replace it on this server; \`up\` can`),
  );
  return [...(left.length === 0 ? [] : ["", ...left]), ...dueRepeatables(plan).flatMap((each) => linesOf(each, plan))];
}

/** The digest of a procedure's form as SQL; 0 if there is no such procedure. */
export function formOf({ name }: PlannedRepeatable): string {
  return (
    "(SELECT COALESCE(MAX(SHA2(CONCAT_WS(' ', QUOTE(ROUTINE_DEFINITION), SQL_MODE, SECURITY_TYPE, DEFINER), 256)), 0) " +
    "FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE = 'PROCEDURE' " +
    `AND ROUTINE_NAME = ${text(objectOf(name))})`
  );
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
  // More than one statement is the rest of a replacement that was cut off.
  if (live.state === "absent" && live.change.statements.length > 1) return false;
  return can.createProcedureIfNotExists;
}

/** Compares with `form`: a digest as in src/repeatables/procedures/live.ts, or 0 for no such procedure. */
function stopIfChanged(each: PlannedRepeatable, form: string): string {
  return stopUnless(`${formOf(each)} = ${form} OR ${isRepeated(each)}`, "a procedure has changed since the plan");
}

function linesOf(each: PlannedRepeatable, plan: Plan): string[] {
  const { live, title } = each;
  const head = ["", comment(title)];
  if (live.state === "present")
    return [...head, comment("  nothing to do: only recorded"), setStep(each, null, null), recordAdopted];
  if (live.state !== "absent" && live.state !== "different") return [];
  const { statements } = live.change;
  const sent = statements.map(({ sql }) => `${sql};`).join("\n");
  return [
    ...head,
    setStep(each, sent, JSON.stringify(beforeOf(each, live.change))),
    ...holdLease({ seconds: 0 }),
    `SET @ispyb_there = IF(${isRepeated(each)}, 1, 0); EXECUTE ispyb_intend_given;`,
    ...statements.flatMap((statement) => send(statement, each, plan)),
    `SET @ispyb_steps = ${text(`${each.name}:${SELF_STEP}`)}; EXECUTE ispyb_done;`,
  ];
}

const recordAdopted = "EXECUTE ispyb_read_state; EXECUTE ispyb_adopt;";

function setStep({ name, title, checksum }: PlannedRepeatable, sent: string | null, previous: string | null): string {
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
  if (!isPlain) return [runIf(`@ispyb_there = 0 AND @ispyb_held = 1 AND ${checksPass}`, text(sql))];
  const readOnly = plan.server.dialect.names.readOnlyVariable;
  return [
    // In a read-only session the server refuses a client that continues after an error (--force).
    `SET SESSION ${readOnly} = IF(${checksPass} AND (@ispyb_held = 1 OR @ispyb_pending = 0), 0, 1);`,
    "DELIMITER ;;",
    `${sql.replace(/^CREATE (.*?)(PROCEDURE|ROLE) /, "CREATE $1$2 IF NOT EXISTS ")};;`,
    "DELIMITER ;",
    `SET SESSION ${readOnly} = 0;`,
  ];
}
