#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// Before anything else is loaded; the imports below are what it is for.
enableCompileCache();
const { runCli } = await import("./run.ts");
// Not exitCode alone: a socket that a failed command left open would keep the process alive.
process.exit(await runCli(process.argv.slice(2), process.env));
