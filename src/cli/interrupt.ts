import { MigrateError } from "../errors.ts";
import { type SignalName, type SignalSource, signalNames } from "./surroundings.ts";

/**
 * Ctrl-C in two steps, for commands that must not end in the middle of a statement: the first asks
 * to stop after the running one, the second to kill it. SIGTERM and a closed terminal (SIGHUP) do the same.
 */
export interface Interrupt {
  /** Aborted by the first signal: finish the running statement, then stop. */
  readonly stop: AbortSignal;
  /** Aborted by the second signal: kill the running statement on the server. */
  readonly kill: AbortSignal;
  /** The first signal that came, once `stop` is aborted. */
  readonly signal: SignalName | undefined;
  /** From here on signals only abort; before, the first one ends the process at once. `said` is printed at the first one. */
  hold(said?: string): void;
}

/**
 * Rejects with INTERRUPTED on a signal that no command holds; never resolves. An uncaught error rejects it, too, so
 * that it is printed like every other error.
 */
export interface Watch extends Disposable {
  readonly interrupt: Interrupt;
  readonly ended: Promise<never>;
}

export function watchSignals(signals: SignalSource, note: (line: string) => void): Watch {
  const stop = new AbortController();
  const kill = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  // A late signal may come when nothing listens any more.
  ended.catch(() => {});
  let isHeld = false;
  let firstNote = "stopping after the running statement; Ctrl-C again kills it on the server";
  let first: SignalName | undefined;

  const onSignal = (signal: SignalName) => {
    const reason = new MigrateError("INTERRUPTED", `stopped by ${signal}`);
    first ??= signal;
    if (!isHeld || kill.signal.aborted) {
      reject(reason);
      stop.abort(reason);
    } else if (stop.signal.aborted) {
      note("killing the running statement on the server");
      kill.abort(reason);
    } else {
      // A progress bar ends first, so that the note has its own line.
      stop.abort(reason);
      note(firstNote);
    }
  };
  for (const name of signalNames) signals.on(name, onSignal);
  signals.on("uncaughtException", reject);

  return {
    ended,
    interrupt: {
      stop: stop.signal,
      kill: kill.signal,
      get signal() {
        return first;
      },
      hold(said = firstNote) {
        isHeld = true;
        firstNote = said;
      },
    },
    [Symbol.dispose]() {
      for (const name of signalNames) signals.off(name, onSignal);
      signals.off("uncaughtException", reject);
    },
  };
}
