/** Privileges as the servers name them. */

/** Everything that GRANT ALL on a database gives, where the vendor adds nothing. */
export const onDatabases: readonly string[] = [
  "SELECT",
  "INSERT",
  "UPDATE",
  "DELETE",
  "CREATE",
  "DROP",
  "REFERENCES",
  "INDEX",
  "ALTER",
  "CREATE TEMPORARY TABLES",
  "LOCK TABLES",
  "EXECUTE",
  "CREATE VIEW",
  "SHOW VIEW",
  "CREATE ROUTINE",
  "ALTER ROUTINE",
  "EVENT",
  "TRIGGER",
];

/** The accounts with SYSTEM_USER on MySQL, by a role or by their own GRANT. */
export const systemUsers = {
  query:
    "WITH RECURSIVE holders (account, own) AS (" +
    "SELECT CONCAT(USER, '@', HOST), 1 FROM mysql.global_grants WHERE PRIV = 'SYSTEM_USER' UNION " +
    "SELECT CONCAT(e.TO_USER, '@', e.TO_HOST), 0 FROM mysql.role_edges e " +
    "JOIN holders h ON h.account = CONCAT(e.FROM_USER, '@', e.FROM_HOST)" +
    ") SELECT account, MAX(own) AS own FROM holders GROUP BY account",
  tables: ["mysql.global_grants", "mysql.role_edges"],
};
