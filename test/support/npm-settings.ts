/** What npm knows of this machine, for an npm that runs under another Node. */
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../../src/server/process.ts";

const ownPrograms = join(fileURLToPath(new URL("../..", import.meta.url)), "node_modules/.bin");

/**
 * Names the global settings of the machine's npm (a proxy, a certificate) to every npm that a test starts. npm looks
 * for them beside the Node that runs it: under the Node of node_modules it finds none, and tries for minutes.
 */
export async function keepNpmSettings(): Promise<void> {
  const { PATH = "", NPM_CONFIG_GLOBALCONFIG, npm_config_globalconfig } = process.env;
  if (NPM_CONFIG_GLOBALCONFIG !== undefined || npm_config_globalconfig !== undefined) return;
  const path = PATH.split(delimiter).filter((folder) => folder !== ownPrograms);
  const ended = await run("npm", ["config", "get", "globalconfig"], { env: { PATH: path.join(delimiter) } });
  if (ended.code === 0) process.env["NPM_CONFIG_GLOBALCONFIG"] = ended.stdout.trim();
}
