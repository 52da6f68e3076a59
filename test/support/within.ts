import { setTimeout as sleep } from "node:timers/promises";

/**
 * The outcome of `work`, or an error that says what was waited for in vain. Below the time limit of a
 * test, whose own message knows no more than that it is over.
 */
export async function within<T>(work: Promise<T>, what: string, seconds = 200): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${seconds} s in vain for ${what}`)), seconds * 1000);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves when this holds. It is asked with pauses, which leave the machine to what is waited for. */
export function until(holds: () => boolean | Promise<boolean>, what: string, pause = 50): Promise<void> {
  const over = new AbortController();
  const asking = async () => {
    while (!over.signal.aborted && !(await holds())) await sleep(pause);
  };
  return within(asking(), what).finally(() => over.abort());
}
