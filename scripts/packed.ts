/** The package as npm packs it, installed in folders as a user would. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { lastLines, run } from "../src/server/process.ts";

const checkout = fileURLToPath(new URL("../", import.meta.url));

/** Builds and packs the package, one process at a time: a build empties dist/. Returns the path of the archive. */
export async function pack(folder: string): Promise<string> {
  const alone = ["flock", join(checkout, "package.json")];
  await npm(checkout, ["pack", "--silent", "--pack-destination", folder], process.execPath, alone);
  const archive = readdirSync(folder).find((file) => file.endsWith(".tgz"));
  if (archive === undefined) throw new Error(`npm pack left no archive in ${folder}`);
  return join(folder, archive);
}

/** Installs packages for production in a new folder; npm and the packages' scripts run under `node`. */
export async function install(folder: string, packages: readonly string[], node = process.execPath): Promise<void> {
  mkdirSync(folder, { recursive: true });
  // The npm package `node` downloads its program in an install script.
  const manifest = { private: true, type: "module", allowScripts: { node: true } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const options = ["--omit=dev", "--prefer-offline", "--engine-strict", "--no-audit", "--no-fund", "--loglevel=error"];
  await npm(folder, ["install", ...options, ...packages], node);
}

/** `before`: a program and its arguments that starts npm. */
async function npm(
  cwd: string,
  args: readonly string[],
  node = process.execPath,
  before: readonly string[] = [],
): Promise<void> {
  const env = { PATH: `${dirname(node)}:${process.env["PATH"]}` };
  const [program = "npm", ...words] = [...before, "npm", ...args];
  const ended = await run(program, words, { cwd, env });
  if (ended.code === 0) return;
  throw new Error(`npm ${args.join(" ")} failed in ${cwd}:\n  ${lastLines(ended.output).join("\n  ")}`);
}
