import type { CompletionDocument } from "../../documents/local.ts";
import type { LocalContext } from "../command-context.ts";
import { bash } from "../completion/bash.ts";
import { fish } from "../completion/fish.ts";
import { readGrammar } from "../completion/grammar.ts";
import { zsh } from "../completion/zsh.ts";

const shells: Readonly<Record<string, typeof bash>> = { bash, zsh, fish };

export function run({ args: [shell = ""], out }: LocalContext): Promise<number> {
  const write = shells[shell];
  if (write === undefined) throw new Error(`the table of commands names a shell without a script: ${shell}`);
  const script = write(readGrammar());
  out.result({ document: { shell, script } satisfies CompletionDocument, text: script });
  return Promise.resolve(0);
}
