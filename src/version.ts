import { createRequire } from "node:module";

// By the package's own name, because src/ and dist/src/ do not lie equally deep below package.json.
const manifest = createRequire(import.meta.url)("ispyb-migrate/package.json") as { readonly version: string };

/** The name of this tool. The program may be started by another name. */
export const toolName = "ispyb-migrate";

/** The version of this tool. */
export const version = manifest.version;
