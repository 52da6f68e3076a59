/**
 * Everything a session of this tool relies on, set in words and never inherited from a configuration:
 * a server's own defaults differ by vendor, version and facility.
 */
import { whereKnown } from "../dialect/variables.ts";

/**
 * Seconds that a statement waits for a metadata lock. The servers' default is a day (MariaDB) or a
 * year (MySQL), and every reader and writer that comes after the waiting ALTER queues behind it.
 */
export const LOCK_WAIT_SECONDS = 5;

/** Seconds that a statement waits for a row lock. */
const ROW_LOCK_WAIT_SECONDS = 10;

/**
 * Strict, so that a value that does not fit is an error and not a warning. Left out on purpose:
 * ANSI_QUOTES and NO_BACKSLASH_ESCAPES change how the text of src/sql.ts is read; NO_ZERO_DATE and
 * NO_ZERO_IN_DATE refuse tables that the official schema has; ONLY_FULL_GROUP_BY refuses its procedures.
 */
export const SQL_MODE = "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION";

const settings: readonly string[] = [
  `sql_mode = '${SQL_MODE}'`,
  // Timestamps go in and come out as UTC on every server.
  "time_zone = '+00:00'",
  // A server may be configured otherwise, and then neither journal nor lease would ever be committed.
  "autocommit = 1",
  // What keeps beginners from large answers and changes would cut ours short, some of it without a word.
  "sql_select_limit = 18446744073709551615",
  "sql_big_selects = 1",
  "sql_safe_updates = 0",
  "foreign_key_checks = 1",
  "unique_checks = 1",
  // src/catalog/show-create.ts reads names between backticks.
  "sql_quote_show_create = 1",
  `lock_wait_timeout = ${LOCK_WAIT_SECONDS}`,
  `innodb_lock_wait_timeout = ${ROW_LOCK_WAIT_SECONDS}`,
  // A week: the lease's session idles while another one builds an index. Both vendors allow a year at most.
  "wait_timeout = 604800",
];

/** Of the server whose variables they are; the others skip them. */
const partialSettings: readonly string[] = [
  // A global limit would end an ALTER with 1969 in the middle.
  whereKnown("max_statement_time", ", max_statement_time = 0"),
  whereKnown("max_execution_time", ", max_execution_time = 0"),
  // Sizes are up to a day old by default, and a plan that trusts them would call a full table empty.
  whereKnown("information_schema_stats_expiry", ", information_schema_stats_expiry = 0"),
];

/**
 * The statements that make a fresh connection a session of ours, to be sent one by one and in this
 * order; `plan --sql` writes them into its script as they are. The collation is the one that every
 * supported server has: its default differs by version and is remembered by routines and views.
 */
export const sessionStatements: readonly string[] = [
  "SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci",
  // The variables of these have another name in each version.
  "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE",
  `SET SESSION ${settings.join(", ")} ${partialSettings.join(" ")}`,
];
