import { findCommand } from "./commands.ts";
import { createContext } from "./context.ts";
import { toMigrateError } from "./failure.ts";
import { type Interrupt, watchSignals } from "./interrupt.ts";
import { loadLocal, loadOnDatabase } from "./load-command.ts";
import { surviveOutput } from "./output.ts";
import { type Invocation, parse } from "./program.ts";
import { Report } from "./report.ts";
import { resolveLocal, resolveSettings } from "./settings.ts";

/** Runs one command line to its end and gives the exit code. Never throws. */
export async function runCli(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  surviveOutput();
  const named = args.find((word) => findCommand(word) !== undefined);
  const report = new Report(named, args, environment);
  using watch = watchSignals((line) => report.note(line));
  try {
    const invocation = parse(args);
    if (typeof invocation === "string") {
      await report.print(invocation);
      return 0;
    }
    report.command = invocation.command.name;
    const running = runCommand(invocation, environment, report, watch.interrupt);
    return await report.succeeded(await Promise.race([running, watch.ended]));
  } catch (error) {
    // Where nothing can be written any more, the exit code is all that is left to say it with.
    return await report.failed(error).catch(() => toMigrateError(error).exit);
  }
}

// --- internal ---

async function runCommand(
  invocation: Invocation,
  environment: NodeJS.ProcessEnv,
  report: Report,
  interrupt: Interrupt,
): Promise<number> {
  const { args } = invocation;
  const local = loadLocal(invocation);
  if (local !== undefined) {
    const options = resolveLocal(invocation, environment);
    report.configure(options);
    const { run } = await local;
    return run({ args, options, out: report });
  }
  const { options, target } = resolveSettings(invocation, environment);
  report.configure(options);
  report.keepSecret(target.password, [target.user, target.host, target.database]);
  const { run } = await loadOnDatabase(invocation);
  return run(createContext({ args, options, target, report, interrupt }));
}
