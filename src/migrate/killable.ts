import { isKilled } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import { type Run, interrupted } from "./run.ts";

/** The second Ctrl-C ends what runs on the server, whatever it is, and at any moment. */
export async function killable<T>(run: Run, work: () => Promise<T>): Promise<T> {
  const { kill } = run.signals;
  const end = () => void run.keeper.run(`KILL QUERY ${run.main.connectionId}`).catch(() => undefined);
  if (kill.aborted) end();
  kill.addEventListener("abort", end, { once: true });
  try {
    return await work();
  } catch (error) {
    const killed = error instanceof MigrateError ? error.cause : error;
    if (!kill.aborted || !isKilled(killed)) throw error;
    throw interrupted(run, "the statement that was running was ended on the server");
  } finally {
    kill.removeEventListener("abort", end);
  }
}
