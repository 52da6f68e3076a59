import type { SandboxStopDocument } from "../../../documents/sandbox.ts";
import { hint } from "../../../hint.ts";
import { findSandbox, listSandboxes, stopSandbox } from "../../../sandbox/running.ts";
import type { LocalContext } from "../../command-context.ts";
import { assertWords } from "./sandbox-options.ts";

const choose = [
  hint("sandbox", { args: ["stop", "ID"], note: "stops the one with this ID" }),
  hint("sandbox", { args: ["stop", "all"], note: "stops all of them" }),
];

/** Ends the sandbox with this id, or the only one; or all of this account. */
export async function run({ args, out }: LocalContext): Promise<number> {
  assertWords(args, 1);
  const [, id] = args;
  const all = await listSandboxes();
  const sandboxes = id === "all" || (id === undefined && all.length < 2) ? all : [await findSandbox(id, choose)];
  await Promise.all(sandboxes.map(stopSandbox));
  const stopped = sandboxes.map((each) => each.id);
  const text = stopped.length === 0 ? "no sandbox is running" : `stopped ${stopped.join(", ")}`;
  out.result({ document: { stopped } satisfies SandboxStopDocument, text });
  return 0;
}
