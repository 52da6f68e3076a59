import { resolve } from "node:path";
import type { SandboxPackDocument } from "../../../documents/sandbox.ts";
import { packTemplate } from "../../../sandbox/pack.ts";
import type { LocalContext } from "../../command-context.ts";
import { assertWords, readRecipe } from "./sandbox-options.ts";

/** `sandbox pack FILE [STORY...]`: writes the template of this content into a file, for a CI cache. */
export async function run(context: LocalContext): Promise<number> {
  const { args, cwd, options, out } = context;
  assertWords(args, Infinity, "the name of a file");
  const [, file = "", ...stories] = args;
  const recipe = await readRecipe(context, stories);
  const packed = await packTemplate(resolve(cwd, file), recipe, options.server, (line) => out.note(line));
  const megabytes = (packed.bytes / 1e6).toFixed(1);
  out.result({
    document: packed satisfies SandboxPackDocument,
    text: `${file}: ${megabytes} MB, for ${packed.server}`,
  });
  return 0;
}
