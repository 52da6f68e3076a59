/** Python with packages, in a folder of its own. */
import { join } from "node:path";
import { lastLines, run } from "../../src/server/process.ts";

/** No Python, or no index of packages that answers. */
const ABSENT = /NewConnectionError|NameResolution|ConnectTimeout|Network is unreachable|ensurepip|No module named/;

/** The folder of its programs; else why there are none, and whether an index answered: then its answer is a failure. */
export type Python = { readonly programs: string } | { readonly reason: string; readonly answered: boolean };

/** A virtual environment with these packages, as the machine's own pip finds them. */
export async function pythonWith(folder: string, packages: readonly string[]): Promise<Python> {
  const made = await run("python3", ["-m", "venv", folder]);
  if (made.code !== 0) return { reason: lastLines(made.output, 3).join("; "), answered: false };
  const programs = join(folder, "bin");
  const options = ["--quiet", "--disable-pip-version-check", "--retries", "0", "--timeout", "20"];
  const { code, output } = await run(join(programs, "pip"), ["install", ...options, ...packages]);
  if (code === 0) return { programs };
  return { reason: lastLines(output, 2).join("; "), answered: !ABSENT.test(output) };
}
