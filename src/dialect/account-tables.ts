/** The tables that hold what other accounts may do: read by name, because mysql.user and mysql.global_priv hold hashes of passwords. */

export interface AccountTables {
  /**
   * What to grant to an account that should see the privileges of others: "SELECT ON mysql.db". Both servers answer SHOW
   * GRANTS FOR another account only to those who can read the hashes, too (measured): MariaDB wants SELECT on the whole
   * schema mysql, MySQL on the whole table mysql.user.
   */
  readonly grants: readonly string[];
  /** SQL that reads `user` and `host` of the roles that are granted to a role, given by name and host. */
  readonly rolesOfRole: string;
  /**
   * SQL that reads the roles whose privileges count in a procedure with this account as DEFINER. MySQL: its default roles,
   * also with activate_all_roles_on_login, and no mandatory ones. MariaDB: none (all measured).
   */
  readonly rolesOfDefiner: string | undefined;
  /** The same for the account of this session, which may always read it. */
  readonly ownRolesOfDefiner: string | undefined;
  /** SHOW GRANTS of what every account has, which counts for DEFINERs, too: PUBLIC on MariaDB since 10.11. */
  readonly ofEveryone: string | undefined;
}

const columns = "Select_priv, Insert_priv, Update_priv, Execute_priv";
const both = ["SELECT ON mysql.db", "SELECT ON mysql.tables_priv", "SELECT ON mysql.procs_priv"];

export const accountTables = {
  mariadb: (): AccountTables => ({
    grants: [`SELECT (Host, User, is_role, ${columns}) ON mysql.user`, ...both, "SELECT ON mysql.roles_mapping"],
    rolesOfRole: "SELECT Role AS user, '' AS host FROM mysql.roles_mapping WHERE User = ? AND Host = ?",
    rolesOfDefiner: undefined,
    ownRolesOfDefiner: undefined,
    ofEveryone: "SHOW GRANTS FOR PUBLIC",
  }),
  mysql: (): AccountTables => ({
    grants: [
      `SELECT (Host, User, account_locked, ${columns}) ON mysql.user`,
      ...both,
      "SELECT ON mysql.role_edges",
      "SELECT ON mysql.default_roles",
    ],
    rolesOfRole: "SELECT FROM_USER AS user, FROM_HOST AS host FROM mysql.role_edges WHERE TO_USER = ? AND TO_HOST = ?",
    rolesOfDefiner:
      "SELECT DEFAULT_ROLE_USER AS user, DEFAULT_ROLE_HOST AS host FROM mysql.default_roles WHERE USER = ? AND HOST = ?",
    ownRolesOfDefiner:
      "SELECT ROLE_NAME AS user, ROLE_HOST AS host FROM information_schema.APPLICABLE_ROLES WHERE IS_DEFAULT = 'YES'",
    ofEveryone: undefined,
  }),
};
