import type { SandboxStopDocument } from "../../../documents/sandbox.ts";
import { findSandbox, listSandboxes, stopSandbox } from "../../../sandbox/running.ts";
import type { LocalContext } from "../../command-context.ts";
import { assertWords } from "./sandbox-options.ts";

/** Ends the sandbox with this id, or all of this account. */
export async function run({ args, out }: LocalContext): Promise<number> {
  assertWords(args, 1);
  const [, id] = args;
  const sandboxes = id === undefined ? await listSandboxes() : [await findSandbox(id)];
  await Promise.all(sandboxes.map(stopSandbox));
  const stopped = sandboxes.map((each) => each.id);
  const text = stopped.length === 0 ? "no sandbox is running" : `stopped ${stopped.join(", ")}`;
  out.result({ document: { stopped } satisfies SandboxStopDocument, text });
  return 0;
}
