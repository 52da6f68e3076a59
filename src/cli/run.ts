import { findCommand } from "./commands.ts";
import { createContext } from "./context.ts";
import { toMigrateError } from "./failure.ts";
import { watchSignals } from "./interrupt.ts";
import { surviveOutput } from "./output.ts";
import { parse } from "./program.ts";
import { Report } from "./report.ts";
import { resolveSettings } from "./settings.ts";

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
    const { options, target } = resolveSettings(invocation, environment);
    report.json = options.json;
    report.verbose = options.verbose;
    report.keepSecret(target.password, [target.user, target.host, target.database]);
    const context = createContext({ options, target, report, interrupt: watch.interrupt });
    const { run } = await invocation.command.load();
    return await report.succeeded(await Promise.race([run(context), watch.ended]));
  } catch (error) {
    // Where nothing can be written any more, the exit code is all that is left to say it with.
    return await report.failed(error).catch(() => toMigrateError(error).exit);
  }
}
