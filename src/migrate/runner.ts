/**
 * umzug sequences migrations; steps, journal and resuming live below it. The only file that imports
 * umzug. Our storage and list replace its own: its file lock is a local file, its names keep the
 * extension, and it passes silently over a recorded migration whose file is gone.
 */
import { MigrationError, Umzug } from "umzug";
import type { Migration } from "./load.ts";

export interface Sequence {
  readonly migrations: readonly Migration[];
  /** Names of the migrations that are recorded as a whole. */
  executed(): Promise<string[]>;
  run(migration: Migration): Promise<void>;
  /** Records that a migration is done as a whole. */
  log(migration: Migration): Promise<void>;
}

/** Runs what is not executed, in order; stops at the first error and throws it as it is. */
export async function runInSequence(sequence: Sequence): Promise<void> {
  const byName = new Map(sequence.migrations.map((migration) => [migration.name, migration]));
  const known = (name: string): Migration => {
    const migration = byName.get(name);
    if (migration === undefined) throw new Error(`umzug names a migration that we did not give it: ${name}`);
    return migration;
  };
  const umzug = new Umzug({
    migrations: sequence.migrations.map((migration) => ({ name: migration.name, up: () => sequence.run(migration) })),
    storage: {
      executed: () => sequence.executed(),
      logMigration: ({ name }) => sequence.log(known(name)),
      // `down` is not part of this sequence; were it ever called here, a silent success would lie.
      unlogMigration: () => Promise.reject(new Error("this sequence only goes up")),
    },
    logger: undefined,
  });
  try {
    await umzug.up();
  } catch (error) {
    throw error instanceof MigrationError && error.cause !== undefined ? error.cause : error;
  }
}
