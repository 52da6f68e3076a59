import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { install } from "../../scripts/packed.ts";

/** The oldest Node that package.json allows. */
const OLDEST = "22.12";

const cache = fileURLToPath(new URL(`../../node_modules/.cache/node-${OLDEST}/`, import.meta.url));

interface Runtime {
  readonly name: string;
  /** Its program, or why it is not to be had. */
  readonly node: string | { readonly reason: string };
}

/** The Nodes that the package has to work under: this one, and the oldest. */
export async function runtimes(): Promise<Runtime[]> {
  return [
    { name: process.version, node: process.execPath },
    { name: `v${OLDEST}`, node: await oldest() },
  ];
}

async function oldest(): Promise<Runtime["node"]> {
  const node = join(cache, "node_modules/node/bin/node");
  if (existsSync(node)) return node;
  return install(cache, [`node@${OLDEST}`]).then(
    () => node,
    (error: Error) => ({ reason: error.message }),
  );
}
