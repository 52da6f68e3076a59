import { errorNumbers } from "../db/error-numbers.ts";

export type DifferencePart =
  | "table"
  | "column"
  | "index"
  | "foreign key"
  | "check"
  | "row"
  | "view"
  | "trigger"
  | "procedure"
  | "role";

export interface Difference {
  readonly part: DifferencePart;
  /** `ProcessingJob` or `ProcessingJob.recipe`; a row is `ProcessingPipeline 3`. */
  readonly object: string;
  /** `existence`, or the property that differs. An object that depends on another one has `dependant`. */
  readonly aspect: string;
  /** Undefined if the object is not expected at all. */
  readonly expected?: string;
  /** Undefined if the object does not exist. */
  readonly found?: string;
}

/** "column ProcessingJob.recipe, type: varchar(10) instead of varchar(50)" */
export function formatDifference(difference: Difference): string {
  const { aspect, expected, found: actual, part } = difference;
  const name = formatObject(difference);
  if (aspect === "left over") return `${name} is left over from an earlier design, ${actual}`;
  if (aspect === "dependant") return `${name} ${actual}`;
  if (aspect === "privilege") return `${name} lacks ${expected}`;
  if (aspect === "absent DEFINER")
    return `${name} runs as ${actual}, which does not exist: calls fail (${errorNumbers.ER_NO_SUCH_USER})`;
  if (aspect === "body") return `${name} has ${actual}`;
  if (aspect === "second key") return formatSecondKey(difference);
  if (aspect === "target") return `${name} is ${actual}; wanted: ${expected}`;
  if (aspect === "values" || aspect === "place") return `${name} ${actual}; wanted: ${expected}`;
  if (aspect === "name" && (part === "index" || part === "foreign key"))
    return `${nameOf(difference, actual)} serves as ${expected}; only the name differs`;
  if (aspect === "invisible" && expected === "none") return `${name} is INVISIBLE: SELECT * leaves it out`;
  if (aspect === "ignored") return `${name} exists, but queries do not use it`;
  if (aspect === "removed default")
    return `${name} has the default ${actual}, a value that is removed here: first give the column another default`;
  if (expected === undefined) return `${name} is the facility's own: ${actual}`;
  if (aspect.startsWith("parent")) return `${name} needs ${expected}; ${actual ?? "it is missing"}`;
  if (actual === undefined) return `${name} is missing${expected === name ? "" : `; wanted: ${expected}`}`;
  if (aspect.startsWith("parameter ")) return `${name}, ${aspect}: ${actual}; wanted: ${expected}`;
  return `${name}, ${formatAspect(difference)}: ${valueOf(aspect, actual)} instead of ${valueOf(aspect, expected)}`;
}

/** The property that differs, in words: "NULL allowed". */
function formatAspect({ aspect }: Pick<Difference, "aspect">): string {
  return words[aspect] ?? aspect;
}

/** The form that is wanted: "column ProcessingJob.comments, NULL allowed: no". */
export function formatWanted(difference: Difference): string {
  const { aspect, expected } = difference;
  const name = formatObject(difference);
  if (expected === undefined || expected === name) return name;
  if (aspect === "existence" || aspect === "second key" || aspect === "target" || aspect === "values")
    return `${name}: ${expected}`;
  return `${name}, ${formatAspect(difference)}: ${valueOf(aspect, expected)}`;
}

/** "index ProcessingJob.another_name" */
function nameOf({ object, part }: Difference, own = ""): string {
  return formatObject({ part, object: `${object.split(".", 1)[0] ?? object}.${own}` });
}

function formatSecondKey({ object, expected, found: actual }: Difference): string {
  const [table = "", key = ""] = object.split(".");
  return `${table} has a second foreign key ${key} on ${actual}; wanted: ${expected}`;
}

/** Properties that a person does not know by the name of their field. */
const words: Readonly<Record<string, string>> = {
  autoIncrement: "AUTO_INCREMENT",
  nullable: "NULL allowed",
  onDelete: "ON DELETE",
  onUpdate: "ON UPDATE",
  charset: "character set",
  invisible: "INVISIBLE",
  compressed: "COMPRESSED",
  generated: "expression",
  longer: "columns",
};

function valueOf(aspect: string, value: string): string {
  if (!["autoIncrement", "nullable", "invisible", "compressed"].includes(aspect)) return value;
  return value === "true" ? "yes" : "no";
}

/** "column ProcessingJob.recipe", "row 3 of ProcessingPipeline" */
export function formatObject({ part, object }: Pick<Difference, "part" | "object">): string {
  const [, table = "", row = ""] = /^(\S+) (.*)$/s.exec(object) ?? [];
  return part === "row" && table !== "" ? `row ${row} of ${table}` : `${part} ${object}`;
}
