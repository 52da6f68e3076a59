/** Procedures, rows of SchemaStatus and privileges in a plain script. */
import { formatRole } from "../access/role.ts";
import type { Dialect } from "../dialect/dialect.ts";
import type { Plan } from "../plan/read-plan.ts";
import { type PlannedRepeatable, blockedBy, differencesOf, isRepeatableDue } from "../repeatables/repeatable.ts";
import { comment } from "../script-forms.ts";
import { text } from "../sql.ts";
import { objectOf } from "../state/repeatable-names.ts";
import { check, remarks, whole } from "./plain-checks.ts";
import { formOf } from "./repeatables.ts";
import { withSession } from "./syntax.ts";

/** Those that an `up` would write or record. */
export function plainRepeatables({ repeatables }: Plan, repair: boolean): PlannedRepeatable[] {
  return repeatables.filter((each) => isRepeatableDue(each, repair));
}

export function plainRepeatable(each: PlannedRepeatable, dialect: Dialect): string[] {
  const { live, title } = each;
  const head = ["", comment(title)];
  if (!("change" in live)) return [...head, ...remarks(["nothing to do"])];
  const blocked = blockedBy(each);
  return [
    ...head,
    ...remarks([...differencesOf(each), ...(blocked === undefined ? [] : [`blocks: ${blocked}`])]),
    ...beforeLines(each),
    ...live.change.statements.flatMap(({ session, sql }) => withSession(session, whole(sql).join("\n"))),
    ...afterLines(each, dialect),
  ];
}

// --- internal ---

function beforeLines(each: PlannedRepeatable): string[] {
  const { kind, live, title } = each;
  if (kind === "procedures" && live.state === "absent")
    return [check(`before: ${title}`, `${procedures(each)} = 0`, "it exists: look at it before you replace it")];
  if (kind === "procedures" && live.state === "different" && live.digest !== undefined)
    return [
      check(
        `before: ${title}`,
        `${formOf(each)} = ${text(live.digest)}`,
        "it was changed after the plan: make a new one",
      ),
    ];
  if (kind === "SchemaStatus")
    return [check(`before: ${title}`, `${rows(each)} = 0`, "it is there already: leave the statement out")];
  return [];
}

/** Privileges are for a person to read: only an account that may read the system tables can count them. */
function afterLines(each: PlannedRepeatable, dialect: Dialect): string[] {
  const { kind, title } = each;
  if (kind === "procedures") return [check(`after: ${title}`, `${procedures(each)} = 1`, "it is missing")];
  if (kind === "SchemaStatus") return [check(`after: ${title}`, `${rows(each)} = 1`, "it is missing")];
  return [`SHOW GRANTS FOR ${formatRole(objectOf(each.name), dialect)};`];
}

function procedures({ name }: PlannedRepeatable): string {
  return (
    "(SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() " +
    `AND ROUTINE_TYPE = 'PROCEDURE' AND ROUTINE_NAME = ${text(objectOf(name))})`
  );
}

function rows({ name }: PlannedRepeatable): string {
  return `(SELECT COUNT(*) FROM SchemaStatus WHERE TRIM(scriptName) = ${text(objectOf(name))} AND TRIM(schemaStatus) = 'DONE')`;
}
