import { type SandboxListDocument, sandboxDocument } from "../../../documents/sandbox.ts";
import { listSandboxes } from "../../../sandbox/running.ts";
import type { LocalContext } from "../../command-context.ts";
import { sandboxListText } from "../../views/sandbox.ts";
import { assertWords } from "./sandbox-options.ts";

/** Lists the running sandboxes of this account. */
export async function run({ args, out }: LocalContext): Promise<number> {
  assertWords(args, 0);
  const sandboxes = await listSandboxes();
  const document: SandboxListDocument = { sandboxes: sandboxes.map(sandboxDocument) };
  out.result({ document, text: sandboxListText(sandboxes, out.paintResult) });
  return 0;
}
