import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { MigrateError, messageOf } from "../errors.ts";
import { hint } from "../hint.ts";
import type { Options } from "../options.ts";
import type { PlanOptions } from "../plan/read-plan.ts";
import { parseRehearsal } from "../plan/rehearsal.ts";

/** What the file of --rehearsal says. Throws USAGE. */
export async function readRehearsal(
  { rehearsal: file }: Options,
  cwd: string,
): Promise<Pick<PlanOptions, "rehearsal">> {
  if (file === undefined) return {};
  let text: string;
  try {
    text = await readFile(resolve(cwd, file), "utf8");
  } catch (cause) {
    throw new MigrateError("USAGE", "the file of --rehearsal could not be read", {
      where: file,
      found: messageOf(cause),
      done: "nothing was changed",
      next: hint("plan", { options: { rehearsal: "FILE" } }),
      cause,
    });
  }
  return { rehearsal: parseRehearsal(file, text) };
}
