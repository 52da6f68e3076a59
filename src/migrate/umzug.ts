/**
 * umzug sequences migrations; steps, journal and resuming live below it. Only this file imports umzug. Our storage
 * and list replace its own: its file lock is a local file, its names keep the extension, and it silently skips a
 * recorded migration whose file is missing.
 */
import { MigrationError, Umzug } from "umzug";
import type { Migration } from "../plan/load-migrations.ts";

export interface Sequence {
  readonly migrations: readonly Migration[];
  /** Names of the recorded migrations, as this direction sees them. */
  executed(): Promise<string[]>;
  run(migration: Migration): Promise<void>;
  /** Records that a whole migration was applied or undone. */
  log(migration: Migration): Promise<void>;
}

/** Runs the pending migrations in order; stops at the first error and throws it as it is. */
export async function runUp(sequence: Sequence): Promise<void> {
  await unwrapped(async () => void (await sequencer(sequence).up()));
}

/** Undoes executed migrations, the newest first, down to and including this one. */
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
