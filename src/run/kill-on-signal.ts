import type { Db } from "../db/db.ts";
import { isKilled } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import type { Signals } from "./run.ts";

interface Sessions {
  readonly main: Db;
  readonly watchdog: Db;
  readonly signals: Pick<Signals, "kill">;
}

/** The second Ctrl-C ends what runs on the server, whatever it is, and at any moment; `stopped` says what that means. */
export async function killOnSignal<T>(
  { watchdog, main, signals: { kill } }: Sessions,
  stopped: (done: string) => MigrateError,
  work: () => Promise<T>,
): Promise<T> {
  const end = () => void watchdog.run(`KILL QUERY ${main.connectionId}`).catch(() => undefined);
  if (kill.aborted) end();
  kill.addEventListener("abort", end, { once: true });
  try {
    return await work();
  } catch (error) {
    const killed = error instanceof MigrateError ? error.cause : error;
    if (!kill.aborted || !isKilled(killed)) throw error;
    throw stopped("the statement that was running was ended on the server");
  } finally {
    kill.removeEventListener("abort", end);
  }
}
