/**
 * Variables that only one vendor has, each with the mark of the comment that its servers execute and the others
 * skip: MySQL skips comments that begin with M!, MariaDB those that are numbered 50700 to 99999.
 */
const marks = {
  alter_algorithm: "M!",
  check_constraint_checks: "M!",
  max_statement_time: "M!",
  information_schema_stats_expiry: "!80000",
  max_execution_time: "!80000",
  partial_revokes: "!80016",
} as const;

export type PartialVariable = keyof typeof marks;

/** SQL for servers that have this variable, to be read by any: before a server has said what it is, or in a file. */
export function whereKnown(variable: PartialVariable, sql: string): string {
  return `/*${marks[variable]} ${sql} */`;
}

export function isPartialVariable(name: string): name is PartialVariable {
  return name in marks;
}
