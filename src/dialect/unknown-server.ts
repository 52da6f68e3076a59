/** Names and statements while the server is unknown, before a login or where the server did not say: for each vendor, or for both. */
import { id } from "../sql.ts";

/** The stock client while the server is unknown: packages of both vendors have this name. */
export const anyClient = "mysql";

/**
 * The statement that shows what the active role of this session may do, before the server is identified. MySQL shows it
 * only with USING, and spells a role with its host, `name`@`host`; MariaDB shows it for CURRENT_ROLE, and has no host.
 */
export function showRoleGrants(role: string): string {
  return role.includes("@") ? `SHOW GRANTS FOR CURRENT_USER() USING ${role}` : "SHOW GRANTS FOR CURRENT_ROLE()";
}

/** A row of information_schema.APPLICABLE_ROLES. Only MySQL's has the hosts of roles and accounts. */
export interface ApplicableRole {
  readonly ROLE_NAME: string | null;
  readonly ROLE_HOST?: string;
  readonly USER?: string;
  readonly HOST?: string;
}

/**
 * Makes this account's sessions use a role from their start. Every account may say it of itself, and only MySQL wants to
 * be told whose sessions are meant.
 */
export function setDefaultRole({ ROLE_NAME, ROLE_HOST, USER = "", HOST = "" }: ApplicableRole): string {
  const role = id(ROLE_NAME ?? "");
  return ROLE_HOST === undefined
    ? `SET DEFAULT ROLE ${role}`
    : `SET DEFAULT ROLE ${role}@${id(ROLE_HOST)} TO ${id(USER)}@${id(HOST)}`;
}

/** How to create an account whose login the driver supports, for each vendor: the server is unknown before the login. */
export function createLogin(account: string): readonly string[] {
  return [
    `on MariaDB: CREATE USER ${account} IDENTIFIED VIA mysql_native_password USING PASSWORD('PASSWORD')`,
    `on MySQL: CREATE USER ${account} IDENTIFIED WITH caching_sha2_password BY 'PASSWORD'`,
  ];
}

/** How a host is let in again that the server has blocked, for each vendor: the server is unknown before the login. */
export const unblockHost: readonly string[] = [
  "on MariaDB, as an administrator: FLUSH HOSTS",
  "on MySQL, as an administrator: TRUNCATE TABLE performance_schema.host_cache",
];

/** The command that brings the server's own tables to its version. Only MariaDB has one: MySQL does it when it starts. */
export const upgradeSystemTables =
  "mariadb-upgrade --user=root --password   # on the server's machine; before MariaDB 10.4 it is called mysql_upgrade";
