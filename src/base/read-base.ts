import type { Base } from "./base.ts";
import { baseFiles } from "./base-files.ts";
import { type ReadOptions, type ScriptStatement, readScript } from "./read-script.ts";

/** The statements of these bases, in order. Throws BASE_INVALID. */
export async function* readBase(
  bases: Base | readonly Base[],
  options: ReadOptions = {},
): AsyncGenerator<ScriptStatement> {
  for (const base of typeof bases === "string" ? [bases] : bases) {
    const { files, leftOut } = await baseFiles(base);
    for (const line of leftOut) options.report?.(`left out: ${line}`);
    for (const file of files) yield* readScript(file, options);
  }
}
