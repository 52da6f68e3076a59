/**
 * umzug sequences migrations; steps, journal and resuming live below it. The only file that imports
 * umzug. Our storage and list replace its own: its file lock is a local file, its names keep the
 * extension, and it passes silently over a recorded migration whose file is gone.
 */
import { MigrationError, Umzug } from "umzug";
import type { Migration } from "../plan/load-migrations.ts";

export interface Sequence {
  readonly migrations: readonly Migration[];
  /** Names of the migrations that are recorded, as far as this direction is concerned. */
  executed(): Promise<string[]>;
  run(migration: Migration): Promise<void>;
  /** Records that a migration is applied, or taken back, as a whole. */
  log(migration: Migration): Promise<void>;
}

/** Runs what is not executed, in order; stops at the first error and throws it as it is. */
export async function runUp(sequence: Sequence): Promise<void> {
  await unwrapped(async () => void (await sequencer(sequence).up()));
}

/** Runs what is executed, newest first, down to this migration and itself included. */
export async function runDown(sequence: Sequence, to: string): Promise<void> {
  await unwrapped(async () => void (await sequencer(sequence).down({ to })));
}

function sequencer(sequence: Sequence): Umzug {
  const byName = new Map(sequence.migrations.map((migration) => [migration.name, migration]));
  const known = (name: string): Migration => {
    const migration = byName.get(name);
    if (migration === undefined) throw new Error(`umzug names a migration that we did not give it: ${name}`);
    return migration;
  };
  const log = ({ name }: { name: string }) => sequence.log(known(name));
  return new Umzug({
    migrations: sequence.migrations.map((migration) => ({
      name: migration.name,
      up: () => sequence.run(migration),
      down: () => sequence.run(migration),
    })),
    storage: { executed: () => sequence.executed(), logMigration: log, unlogMigration: log },
    logger: undefined,
  });
}

/** umzug wraps what a migration throws. */
async function unwrapped(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw error instanceof MigrationError && error.cause !== undefined ? error.cause : error;
  }
}
