/** What the two modules use of their process. */

/** The number that vitest gives to a worker, from 1 to maxWorkers; of the workers that run at the same time each has another. */
export function workerNumber(): string | undefined {
  return process.env["VITEST_POOL_ID"];
}

/** Whether the data of failed tests stay. */
export function isKeeping(): boolean {
  return process.env["ISPYB_KEEP"] === "1";
}

export function tell(line: string): void {
  process.stderr.write(`ispyb-migrate: ${line}\n`);
}
