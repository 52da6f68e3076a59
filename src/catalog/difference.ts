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
  const { aspect, expected, found: actual } = difference;
  const name = formatObject(difference);
  if (aspect === "left over") return `${name} is left over from an earlier design, ${actual}`;
  if (aspect === "dependant") return `${name} ${actual}`;
  if (aspect === "privilege") return `${name} lacks ${expected}`;
  if (aspect === "body") return `${name} has ${actual}`;
  if (aspect === "second key") return formatSecondKey(difference);
  if (aspect === "removed default")
    return `${name} has the default ${actual}, the value to be removed; give it another default first`;
  if (expected === undefined) return `${name} was not created by this tool: ${actual}`;
  if (aspect.startsWith("parent")) return `${name} needs ${expected}; ${actual ?? "it is missing"}`;
  if (actual === undefined) return `${name} is missing${expected === name ? "" : `; wanted: ${expected}`}`;
  return `${name}, ${words[aspect] ?? aspect}: ${valueOf(aspect, actual)} instead of ${valueOf(aspect, expected)}`;
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
};

function valueOf(aspect: string, value: string): string {
  if (aspect !== "autoIncrement" && aspect !== "nullable") return value;
  return value === "true" ? "yes" : "no";
}

/** "column ProcessingJob.recipe", "row 3 of ProcessingPipeline" */
export function formatObject({ part, object }: Pick<Difference, "part" | "object">): string {
  const [, table = "", row = ""] = /^(\S+) (.*)$/s.exec(object) ?? [];
  return part === "row" && table !== "" ? `row ${row} of ${table}` : `${part} ${object}`;
}
