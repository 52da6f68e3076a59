/**
 * Settings of a caller's session that would change what a reset does. A reset saves each of them, sets it, and sets
 * the saved value at the end, after an error as well.
 */
import type { Dialect } from "../dialect/dialect.ts";
import { whereKnown } from "../dialect/variables.ts";

interface Setting {
  readonly name: string;
  /** The type of the local variable that holds the caller's value. */
  readonly type: "bigint unsigned" | "varchar(64)" | "decimal(20,6)";
  /** SQL. */
  readonly value: string;
  /** The whole setting as a comment that only some servers execute. */
  readonly known?: (sql: string) => string;
}

function settingsFor({ names, can }: Dialect): readonly Setting[] {
  return [
    // First, because it decides what the ROLLBACK at the beginning does.
    { name: "completion_type", type: "varchar(64)", value: "'NO_CHAIN'" },
    { name: names.readOnlyVariable, type: "bigint unsigned", value: "0" },
    // READ COMMITTED cannot write where the binary log holds statements.
    { name: names.isolationVariable, type: "varchar(64)", value: "'REPEATABLE-READ'" },
    { name: "foreign_key_checks", type: "bigint unsigned", value: "0" },
    { name: "unique_checks", type: "bigint unsigned", value: "0" },
    { name: "sql_safe_updates", type: "bigint unsigned", value: "0" },
    { name: "sql_big_selects", type: "bigint unsigned", value: "1" },
    { name: "time_zone", type: "varchar(64)", value: "'+00:00'" },
    { name: "character_set_client", type: "varchar(64)", value: "utf8mb4" },
    { name: "collation_connection", type: "varchar(64)", value: "utf8mb4_unicode_ci" },
    // For rows at first the shortest that there is: what blocks is looked for at once. Not for tables: resets of other
    // databases hold those of this schema for a moment.
    { name: "innodb_lock_wait_timeout", type: "bigint unsigned", value: names.shortestLockWait },
    { name: "lock_wait_timeout", type: "bigint unsigned", value: "1" },
    partial("max_statement_time", "decimal(20,6)", "0"),
    partial("check_constraint_checks", "bigint unsigned", "0"),
    partial("information_schema_stats_expiry", "bigint unsigned", "0"),
    partial("sql_require_primary_key", "bigint unsigned", "0"),
    partial("old_alter_table", "bigint unsigned", "0"),
    ...(can.alterAlgorithmWins ? [partial("alter_algorithm", "varchar(64)", "'DEFAULT'")] : []),
  ];
}

function partial(name: Parameters<typeof whereKnown>[0], type: Setting["type"], value: string): Setting {
  return { name, type, value, known: (sql) => whereKnown(name, sql) };
}

const each = (settings: readonly Setting[], sql: (setting: Setting) => string): string =>
  settings.map((setting) => (setting.known ?? ((text: string) => text))(sql(setting))).join("\n  ");

/** The three places of reset.sql. */
export function settingsSql(dialect: Dialect): Readonly<Record<string, string>> {
  const settings = settingsFor(dialect);
  return {
    declareSettings: each(settings, ({ name, type }) => `DECLARE saved_${name} ${type} DEFAULT @@SESSION.${name};`),
    changeSettings: each(settings, ({ name, value }) => `SET SESSION ${name} = ${value};`),
    restoreSettings: each(settings, ({ name }) => `SET SESSION ${name} = saved_${name};`),
  };
}
