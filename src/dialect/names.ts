import type { PerVendor } from "./per-vendor.ts";
import { type Version, atLeast } from "./product.ts";

/** What a server calls things, and how it is asked for what the other vendor keeps elsewhere. */
export interface Names {
  /** The stock client that a person runs a script with. MariaDB's own name since 10.5; images of 11 leave `mysql` out. */
  readonly client: "mariadb" | "mysql";
  /** The language in which sql-formatter lays out a statement for reading. */
  readonly sqlLanguage: "mariadb" | "mysql";
  /** True in SQL on a server of the same series, `10.11` or `9.7`: what a script was written for holds there. */
  readonly sameSeries: string;
  /** The variable of a session that may only read. MariaDB before 11.1 knows tx_read_only alone, MySQL the other alone. */
  readonly readOnlyVariable: "tx_read_only" | "transaction_read_only";
  /**
   * The view of information_schema that tells the CHECKs of a table to an account with SELECT. MySQL's own has no
   * column for the table.
   */
  readonly checksView: string;
  /**
   * The privilege to create in the name of another account: on MariaDB SET USER since 10.5.2, on MySQL
   * SET_ANY_DEFINER since 8.2 and SET_USER_ID before.
   */
  readonly setDefiner: string;
  /** What has to be granted for the text of every routine to be seen: SHOW_ROUTINE on MySQL since 8.0.20. */
  readonly readAllRoutines: { readonly privilege: string; readonly on: string };
  /** Privileges on the whole server, one of which is enough for CREATE ROLE: MySQL has one for it alone. */
  readonly createRole: readonly string[];
  /** What follows a role's name in a statement: a role of MySQL is an account and has a host. */
  readonly roleHost: "" | "@`%`";
  /** SQL that counts who has a role, given by name. MariaDB counts who created it, unless that is this account. */
  readonly roleMembers: string;
  /** SQL that counts users of a name that is no role. MariaDB marks roles; MySQL locks their accounts. */
  readonly usersNamed: string;
}

export const names: PerVendor<Names> = {
  client: { mariadb: () => "mariadb", mysql: () => "mysql" },
  sqlLanguage: { mariadb: () => "mariadb", mysql: () => "mysql" },
  sameSeries: { mariadb: sameSeries, mysql: sameSeries },
  readOnlyVariable: { mariadb: () => "tx_read_only", mysql: () => "transaction_read_only" },
  checksView: {
    mariadb: () => "CHECK_CONSTRAINTS",
    mysql: () =>
      "TABLE_CONSTRAINTS JOIN information_schema.CHECK_CONSTRAINTS USING (CONSTRAINT_SCHEMA, CONSTRAINT_NAME)",
  },
  setDefiner: {
    mariadb: () => "SET USER",
    mysql: (version) => (atLeast(version, [8, 2, 0]) ? "SET_ANY_DEFINER" : "SET_USER_ID"),
  },
  readAllRoutines: {
    mariadb: () => ({ privilege: "SELECT", on: "mysql.proc" }),
    mysql: () => ({ privilege: "SHOW_ROUTINE", on: "*.*" }),
  },
  createRole: { mariadb: () => ["CREATE USER"], mysql: () => ["CREATE ROLE", "CREATE USER"] },
  roleHost: { mariadb: () => "", mysql: () => "@`%`" },
  roleMembers: {
    mariadb: () =>
      "SELECT COUNT(*) AS n FROM mysql.roles_mapping WHERE Role = ? " +
      "AND NOT (Admin_option = 'Y' AND CONCAT(User, '@', Host) = CURRENT_USER())",
    mysql: () => "SELECT COUNT(*) AS n FROM mysql.role_edges WHERE FROM_USER = ?",
  },
  usersNamed: {
    mariadb: () =>
      "SELECT COUNT(*) AS n FROM mysql.user u WHERE u.User = ? AND u.is_role = 'N' " +
      "AND NOT EXISTS (SELECT 1 FROM mysql.user r WHERE r.User = u.User AND r.is_role = 'Y')",
    mysql: () => "SELECT COUNT(*) AS n FROM mysql.user WHERE User = ? AND Host = '%' AND account_locked = 'N'",
  },
};

/** The stock client before a server has said which one it is: both vendors' packages bring this name. */
export const anyClient = "mysql";

/** Old replication prefixes come before the real number. */
function sameSeries([major, minor]: Version): string {
  return `REPLACE(VERSION(), '5.5.5-', '') LIKE '${major}.${minor}.%'`;
}
