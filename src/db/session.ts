/**
 * The settings that a session of this tool relies on. All are set explicitly, because a server's defaults differ by
 * vendor, version and facility.
 */
import { whereKnown } from "../dialect/variables.ts";

/**
 * Seconds that a statement waits for a metadata lock. The servers' default is a day (MariaDB) or a year (MySQL).
 * Meanwhile every later reader and writer queues behind the waiting ALTER.
 */
export const LOCK_WAIT_SECONDS = 5;

/** Seconds that a statement waits for a row lock. */
const ROW_LOCK_WAIT_SECONDS = 10;

/**
 * Strict, so that a value that does not fit is an error and not a warning. Left out on purpose: ANSI_QUOTES and
 * NO_BACKSLASH_ESCAPES would change the meaning of the literals of src/sql.ts. NO_ZERO_DATE and NO_ZERO_IN_DATE
 * would refuse tables of the official schema. ONLY_FULL_GROUP_BY would refuse its procedures.
 */
export const SQL_MODE = "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION";

const settings: readonly string[] = [
  `sql_mode = '${SQL_MODE}'`,
  // Timestamps are written and read as UTC on every server.
  "time_zone = '+00:00'",
  // A server may be configured without autocommit: then neither journal nor lease would be committed.
  "autocommit = 1",
  // The limits for interactive users would cut off our results and changes, partly in silence.
  "sql_select_limit = 18446744073709551615",
  "sql_big_selects = 1",
  "sql_safe_updates = 0",
  "foreign_key_checks = 1",
  "unique_checks = 1",
  // src/catalog/show-create.ts reads names between backticks.
  "sql_quote_show_create = 1",
  `lock_wait_timeout = ${LOCK_WAIT_SECONDS}`,
  `innodb_lock_wait_timeout = ${ROW_LOCK_WAIT_SECONDS}`,
  // A minute: a client that is gone without a word keeps its locks that long. One that is there pings.
  "wait_timeout = 60",
];

/** Settings that only some servers know; the others skip them. */
const partialSettings: readonly string[] = [
  // A global limit would abort an ALTER (error 1969).
  whereKnown("max_statement_time", ", max_statement_time = 0"),
  whereKnown("max_execution_time", ", max_execution_time = 0"),
  // By default the sizes are up to a day old, and a plan would call a full table empty.
  whereKnown("information_schema_stats_expiry", ", information_schema_stats_expiry = 0"),
];

/**
 * What a member of a Galera cluster does with this session's statements. A leftover RSU of the server would make every
 * change on one node alone, and the cluster would throw that node out (measured). Without dirty reads, a node that has
 * lost its cluster reads no table.
 */
const memberSettings = "wsrep_OSU_method = 'TOI', wsrep_dirty_reads = OFF";

/**
 * Reads (1) and SHOW (8) wait until the node has every change of its cluster. A wait that is too long, 30 s by default,
 * ends with ER_LOCK_WAIT_TIMEOUT, also on a node that has lost its cluster (measured).
 */
const syncWait = "wsrep_sync_wait = 9";

/** All of it, for a script. */
export const clusterStatement = `SET SESSION ${memberSettings}, ${syncWait}`;
/** The same, with room between the two for a look at the node. Only some servers know it. */
export const memberStatement = `SET SESSION ${memberSettings}`;
export const syncWaitStatement = `SET SESSION ${syncWait}`;

/**
 * alter_algorithm may override the ALGORITHM of a statement. Not every MariaDB knows it. MySQL skips the comment;
 * unique_checks is only there so that a whole statement remains.
 */
export const algorithmStatement = `SET SESSION unique_checks = 1 ${whereKnown("alter_algorithm", ", alter_algorithm = 'DEFAULT'")}`;

/**
 * Marks the session. A proxy that opens another session in silence, maybe after a restart of the server and so with the
 * same number, has none that is marked.
 */
export const markStatement = "SET @ispyb_migrate_session = CONNECTION_ID()";
/** 1 in the session that was marked, else 0. */
export const isMarked = "COALESCE(@ispyb_migrate_session = CONNECTION_ID(), 0)";

/**
 * The statements that set up a new connection, to be sent one by one in this order; `plan --sql` writes the same
 * ones into its script. Every supported server has this collation. The default collation differs by version, and
 * routines and views store it.
 */
export const sessionStatements: readonly string[] = [
  "SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci",
  // The names of these two variables differ by version.
  "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE",
  `SET SESSION ${settings.join(", ")} ${partialSettings.join(" ")}`,
];
