/** Transactions that a build would wait for, named before it is sent: they may be open for hours. */
import { type Session, describeSession } from "../blockers/describe.ts";
import { readCandidates } from "../blockers/read-candidates.ts";
import { readUsers } from "../blockers/read-holders.ts";
import { listed } from "../plural.ts";
import type { Run } from "./run.ts";
import { sayOnce } from "./say-once.ts";

/** Seconds after which a transaction is named. */
const OLD = 10;

/**
 * A build needs its tables for itself, for a moment at its beginning and at its end. Where the server does not show who uses
 * them, the transactions are candidates.
 */
export async function nameOldTransactions(run: Run, tables: readonly string[]): Promise<void> {
  const { main, server, watchdog } = run;
  const users = await readUsers(watchdog, server, main.connectionId, tables);
  const say = (sessions: readonly Session[], text: (session: string) => string) => {
    for (const session of sessions.filter(({ age = 0 }) => age >= OLD))
      sayOnce(run, `old ${session.id}`, text(describeSession(session)));
  };
  if (users !== undefined) return say(users, (each) => `${each}: this build cannot begin before it has ended`);
  const { sessions } = await readCandidates(watchdog, [main.connectionId, watchdog.connectionId], false);
  say(sessions, (each) => `${each}: if it uses ${listed(tables)}, a build cannot begin before it has ended`);
}
