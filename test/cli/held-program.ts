/** A command's part in an interrupt, without a database. Started by interrupt.pure.test.ts. */
import { watchSignals } from "../../src/cli/interrupt.ts";
import { MigrateError } from "../../src/errors.ts";

using watch = watchSignals(process, (line) => console.error(line));
const { interrupt } = watch;
const tick = setInterval(() => {}, 1_000);

async function held(): Promise<number> {
  interrupt.hold();
  interrupt.stop.addEventListener("abort", () => console.log("stop"));
  const killed = new Promise<void>((resolve) => interrupt.kill.addEventListener("abort", () => resolve()));
  console.log("ready");
  await killed;
  console.log("kill");
  return process.argv[2] === "stubborn" ? new Promise<never>(() => {}) : 7;
}

function free(): Promise<number> {
  if (process.argv[2] === "astray") void Promise.reject(new Error("astray"));
  else console.log("ready");
  return new Promise<never>(() => {});
}

const command = process.argv[2] === "held" || process.argv[2] === "stubborn" ? held() : free();
const exit = await Promise.race([command, watch.ended]).catch((error: unknown) =>
  error instanceof MigrateError ? error.exit : 3,
);
clearInterval(tick);
process.exitCode = exit;
