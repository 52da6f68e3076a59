/** Writes into the journal what a person decided about a record: `accept` and `forget`. The schema is not changed. */
import type { Server } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { hint } from "../hint.ts";
import type { Migration } from "../plan/load-migrations.ts";
import { readPlan } from "../plan/read-plan.ts";
import { type Settlement, type SettlementRequest, settlementOf } from "../plan/settlement.ts";
import { assertWritable } from "../preflight/writable.ts";
import { openJournalWriter } from "../run/journal-writer.ts";
import { patientReader } from "../run/patient-reading.ts";
import type { RunOptions } from "../run/run.ts";
import { assertRightServer } from "../run/right-server.ts";
import { withLease } from "../run/with-lease.ts";

export interface SettleOptions extends RunOptions, SettlementRequest {
  readonly migrations: readonly Migration[];
  /** Called once, before anything is changed. Throws if the answer is no. */
  readonly confirm: (settled: SettleResult) => Promise<void>;
}

export interface SettleResult extends Settlement {
  readonly server: Server;
  readonly database: string;
}

/** Throws USAGE if there is nothing to settle, what `confirm` throws, SERVER_READ_ONLY and LEASE_HELD. */
export async function settle(options: SettleOptions): Promise<SettleResult> {
  const { how, migrations, name, reason } = options;
  await using session = await options.connect("main");
  const retry = hint(how, { args: [name], options: { reason } });
  const main = patientReader(session, { ...options, retry });
  const first = await readPlan(main, migrations);
  const { server } = first;
  const shown = settlementOf(first, options);
  await assertRightServer(main, server, options.onReplica, retry);
  assertWritable(server);
  const result = { ...shown, server, database: main.database };
  await options.confirm(result);
  return await withLease({ ...options, main, server, retry }, async (run) => {
    // While the question was open, or another run held the lease, everything may have changed.
    const now = settlementOf(await readPlan(main, migrations), options);
    if (now.what !== shown.what) {
      throw new MigrateError("CONFLICT", "another run changed this database while the question was open", {
        where: main.database,
        found: now.what,
        done: "nothing was changed",
        next: [hint("status"), retry],
      });
    }
    const journal = await openJournalWriter(run);
    await atOnce(main, async () => {
      for (const { migration, step } of now.deleted) await journal.forgetRow(migration, step);
      for (const row of now.rows) await journal.writeRow(row);
    });
    return result;
  });
}

// --- internal ---

/** All rows or none. */
async function atOnce(db: Db, work: () => Promise<void>): Promise<void> {
  await db.run("START TRANSACTION");
  try {
    await work();
    await db.run("COMMIT");
  } catch (error) {
    await db.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
