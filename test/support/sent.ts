/** What a run sent to change the database, read from the lines that --verbose prints. */

/** The statements of the run's main session, in order, without those on the tool's own tables. */
export function changesSent(stderr: string): string[] {
  const sent = stderr.split("\n").flatMap((line) => /^\[main \d+\] (.*) \(\d+ ms\)$/.exec(line)?.[1] ?? []);
  return sent.filter((sql) => changes.test(sql) && !ownTables.test(sql));
}

/** The same spelling as `--verbose` gives it. */
export function oneLine(sql: string): string {
  return sql.replaceAll(/\s+/g, " ").trim();
}

// --- internal ---

const ownTables = /\bispyb_migrate_(?:journal|lease|seed)\b/;

const changes = /^(?:ALTER|CREATE|DROP|RENAME|INSERT|UPDATE|DELETE|GRANT|REVOKE|LOCK|UNLOCK|SET STATEMENT)\b/i;
