/**
 * Variables of only one vendor, each with the mark of a comment that only servers with the variable execute. MySQL
 * skips comments that begin with M!, and MariaDB skips those numbered 50700 to 99999.
 */
const marks = {
  alter_algorithm: "M!",
  check_constraint_checks: "M!",
  max_statement_time: "M!",
  information_schema_stats_expiry: "!80000",
  max_execution_time: "!80000",
  old_alter_table: "!80000",
  partial_revokes: "!80016",
  sql_require_primary_key: "!80013",
} as const;

export type PartialVariable = keyof typeof marks;

/** SQL that only servers with this variable execute, for files and for sessions before the server is identified. */
export function whereKnown(variable: PartialVariable, sql: string): string {
  return `/*${marks[variable]} ${sql} */`;
}

/**
 * The variables whose values are unique to a server, the best first: MySQL has server_uuid, newer MariaDB server_uid,
 * every server datadir.
 */
export const serverIds = ["server_uuid", "server_uid", "datadir"] as const;

/** The best of `serverIds` that a server with these variables has. */
export function serverIdAmong(variables: { has(name: string): boolean }): (typeof serverIds)[number] {
  return serverIds.find((name) => variables.has(name)) ?? "datadir";
}

export function isPartialVariable(name: string): name is PartialVariable {
  return name in marks;
}
