import type { SandboxResetDocument } from "../../../documents/sandbox.ts";
import { resetSandbox } from "../../../sandbox/reset-sandbox.ts";
import { findSandbox } from "../../../sandbox/running.ts";
import type { LocalContext } from "../../command-context.ts";
import { databasesOf, givenSandbox, naming } from "./which-database.ts";
import { assertWords } from "./sandbox-options.ts";

/** Resets one database of a sandbox, or all of them; one that a procedure cannot restore is created again. */
export async function run(context: LocalContext): Promise<number> {
  const { args, out } = context;
  assertWords(args, 1);
  const sandbox = await findSandbox(givenSandbox(context), naming);
  const databases = await resetSandbox(sandbox, databasesOf(sandbox, args[1]));
  const text = databases
    .map(({ name, rebuilt }) => `${name} is reset${rebuilt ? ": it was dropped and created again" : ""}`)
    .join("\n");
  out.result({ document: { id: sandbox.id, databases } satisfies SandboxResetDocument, text });
  return 0;
}
