/** `ispyb-migrate provision` against a server of a test, and what that server holds. */
import type { ProvisionDocument } from "../../src/documents/provision.ts";
import { type Ended, runInProcess } from "../support/in-process.ts";
import type { TestDatabase } from "../support/servers.ts";

export interface Account {
  readonly user: string;
  readonly password: string;
}

/** The command line of `provision` for this server, and its environment. */
export function commandFor(server: TestDatabase, args: readonly string[], account: Account = server) {
  const url = `mysql://${account.user}@${server.host}:${server.port}`;
  return { args: ["provision", "--url", url, ...args], env: { MYSQL_PWD: account.password } };
}

export function run(server: TestDatabase, args: readonly string[], account?: Account): Promise<Ended> {
  const { args: line, env } = commandFor(server, args, account);
  return runInProcess(line, { env });
}

/** Its document. Throws if it fails. */
export async function provisioned(
  server: TestDatabase,
  args: readonly string[] = [],
  account?: Account,
): Promise<ProvisionDocument["databases"]> {
  const { exit, stdout, stderr } = await run(server, [...args, "--json", "--yes"], account);
  if (exit !== 0) throw new Error(stdout + stderr);
  return (JSON.parse(stdout) as ProvisionDocument).databases;
}

/** Every database, every object and every account. */
export async function inventoryOf(server: TestDatabase): Promise<string[]> {
  const rows = await server.query<{ what: string }>(
    "SELECT CONCAT('database ', SCHEMA_NAME) AS what FROM information_schema.SCHEMATA " +
      "UNION ALL SELECT CONCAT('table ', TABLE_SCHEMA, '.', TABLE_NAME) FROM information_schema.TABLES " +
      "UNION ALL SELECT CONCAT('routine ', ROUTINE_SCHEMA, '.', ROUTINE_NAME) FROM information_schema.ROUTINES " +
      "UNION ALL SELECT CONCAT('account ', User, '@', Host) FROM mysql.user " +
      "UNION ALL SELECT CONCAT('grant ', User, '@', Host, ' on ', Db) FROM mysql.db",
  );
  return rows.map(({ what }) => what).toSorted();
}
