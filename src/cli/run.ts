import { createContext } from "./command-context.ts";
import { findCommand } from "./commands.ts";
import { toMigrateError } from "./failure.ts";
import { type Interrupt, watchSignals } from "./interrupt.ts";
import { loadLocal, loadOnDatabase } from "./load-command.ts";
import { surviveOutput } from "./output.ts";
import { type Invocation, parse } from "./parse-arguments.ts";
import { Report } from "./report.ts";
import { resolveLocal, resolveSettings } from "./resolve-settings.ts";
import type { Surroundings } from "./surroundings.ts";

/** Runs one command line and gives its exit code; never throws. Everything it needs of a process is passed in. */
export async function runCli(args: readonly string[], surroundings: Surroundings): Promise<number> {
  using _ = surviveOutput(surroundings);
  const named = args.find((word) => findCommand(word) !== undefined);
  const report = new Report(named, args, surroundings);
  using watch = watchSignals(surroundings.signals, (line) => report.warning(line));
  try {
    const invocation = parse(args, report.caller.program, surroundings.stdout);
    if (typeof invocation === "string") {
      await report.print(invocation);
      return 0;
    }
    report.command = invocation.command.name;
    const running = runCommand(invocation, surroundings, report, watch.interrupt);
    return await report.succeeded(await Promise.race([running, watch.ended]));
  } catch (error) {
    // If nothing can be written any more, only the exit code is left.
    return await report.failed(error).catch(() => toMigrateError(error).exit);
  }
}

// --- internal ---

async function runCommand(
  invocation: Invocation,
  surroundings: Surroundings,
  report: Report,
  interrupt: Interrupt,
): Promise<number> {
  const { args, program } = invocation;
  const { cwd, env, parent = () => 0 } = surroundings;
  const local = loadLocal(invocation);
  if (local !== undefined) {
    const options = resolveLocal(invocation, surroundings);
    report.configure(options);
    const { run } = await local;
    return run({ args, cwd, env, interrupt, options, out: report, parent, program });
  }
  const { nodes, options, repeated, target, warnings } = resolveSettings(invocation, surroundings);
  report.configure(options, repeated);
  for (const line of warnings) report.warning(line);
  for (const { database, host, password, user } of [target, ...nodes]) {
    report.keepSecret(password, [user, host, database]);
  }
  const { run } = await loadOnDatabase(invocation);
  return run(createContext({ args, surroundings, options, target, nodes, report, interrupt }));
}
