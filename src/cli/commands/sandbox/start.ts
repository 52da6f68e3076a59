import { resolve } from "node:path";
import { sandboxDocument } from "../../../documents/sandbox.ts";
import { hint } from "../../../hint.ts";
import { environmentOf } from "../../../sandbox/environment.ts";
import { type Sandbox, startSandbox } from "../../../sandbox/sandbox.ts";
import type { LocalContext } from "../../command-context.ts";
import { notTaken } from "../../not-taken.ts";
import { sandboxText } from "../../views/sandbox.ts";
import { runProgram } from "./run-program.ts";
import { readRecipe, readWorkers } from "./sandbox-options.ts";
import { untilEnded } from "./until-ended.ts";

/** Starts a sandbox: for a program, for other programs until `sandbox stop`, or until Ctrl-C. */
export async function run(context: LocalContext): Promise<number> {
  const { cwd, interrupt, options, out, program } = context;
  const isForProgram = program.length > 0;
  if (isForProgram) assertForProgram(context);
  const sandbox = await startSandbox({
    recipe: await readRecipe(context, context.args),
    workers: readWorkers(options.workers),
    server: options.server,
    mustOutlive: options.detach,
    template: options.template === undefined ? undefined : resolve(cwd, options.template),
    report: (line) => out.note(line),
  });
  if (options.detach) {
    sandbox.detach?.();
    await announce(context, sandbox);
    return 0;
  }
  await using _ = sandbox;
  interrupt.hold("stopping the sandbox");
  if (isForProgram) return await runProgram(program, environmentOf(sandbox), context);
  await announce(context, sandbox);
  return await untilEnded(sandbox, context);
}

// --- internal ---

async function announce({ out, options }: LocalContext, sandbox: Sandbox): Promise<void> {
  await out.answer({
    document: sandboxDocument(sandbox),
    text: sandboxText(sandbox, options.detach, out.paintResult, out.caller),
  });
}

/** stdout belongs to the program. */
function assertForProgram({ options }: LocalContext): void {
  const name = options.detach ? "detach" : options.json ? "json" : undefined;
  if (name === undefined) return;
  const reason = name === "detach" ? "the sandbox ends with the command" : "stdout belongs to the command";
  const next = hint("sandbox", { args: ["--", "COMMAND"], note: "the command finds the database in ISPYB_URL" });
  throw notTaken("sandbox with a command after --", `--${name}`, next, reason);
}
