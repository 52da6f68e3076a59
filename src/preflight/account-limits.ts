/** Limits of the account that would end a run in the middle. */
import { formatAccount } from "../access/account.ts";
import { grantLines } from "../access/privileges.ts";
import type { Server } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { unlessRefused } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import type { Next } from "../hint.ts";

/**
 * What a run needs. Sessions: one that sends the statements, one that asks the server before the first of them, and one
 * that watches the first; the server may not have noticed yet that the second ended. Within an hour: what the longest run
 * sends, since each step is read, written to the journal and read again.
 */
const needs: Readonly<Record<string, number>> = {
  MAX_USER_CONNECTIONS: 3,
  MAX_CONNECTIONS_PER_HOUR: 3,
  MAX_QUERIES_PER_HOUR: 5000,
  MAX_UPDATES_PER_HOUR: 2000,
};

/** Throws MISSING_PRIVILEGE if a limit of the account is too low for a run. Every account may see its own limits. */
export async function assertAccountLimits(db: Db, { account }: Server, retry: Next): Promise<void> {
  const limits = await limitsOf(db);
  const low = Object.entries(needs).flatMap(([name, least]) => {
    const limit = limits.get(name) ?? 0;
    return limit > 0 && limit < least ? [{ name, least, limit }] : [];
  });
  if (low.length === 0) return;
  throw new MigrateError("MISSING_PRIVILEGE", "a limit of this account is too low for a run", {
    where: account,
    found: low.map(({ name, limit }) => `${name} ${limit}`),
    wanted: low.map(({ name, least }) => `${name} ${least} or more`),
    done: "nothing was changed",
    next: [
      `ALTER USER ${formatAccount(account)} WITH ${low.map(({ name, least }) => `${name} ${least}`).join(" ")};`,
      ...(low.some(({ name }) => name.endsWith("_PER_HOUR"))
        ? ["FLUSH USER_RESOURCES;   -- the use of this hour is set back to 0"]
        : []),
      retry,
    ],
  });
}

// --- internal ---

/** The limits that are set, by their names; none where the server has no accounts. */
async function limitsOf(db: Db): Promise<ReadonlyMap<string, number>> {
  const lines = (await unlessRefused(grantLines(db, "SHOW CREATE USER CURRENT_USER()"))) ?? [];
  const set = lines.join(" ").matchAll(/\b(MAX_[A-Z_]+) (\d+)/g);
  return new Map([...set].map(([, name = "", value]) => [name, Number(value)]));
}
