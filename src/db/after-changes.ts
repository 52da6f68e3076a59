/** Errors that come after a first change: their exit code may not say that nothing was changed. */
import { MigrateError } from "../errors.ts";
import { ServerError } from "./server-errors.ts";

/** Whether a run has changed something. */
export interface Changes {
  begun: boolean;
}

/** Runs `work`. An error is marked if something was changed by then, so that it does not exit with 4. */
export async function markingChanges<T>(changes: Changes, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw changes.begun ? marked(error) : error;
  }
}

// --- internal ---

function marked(error: unknown): unknown {
  if (error instanceof MigrateError)
    return new MigrateError(error.code, error.message, { ...error.details, afterChanges: true });
  if (error instanceof ServerError) error.afterChanges = true;
  return error;
}
