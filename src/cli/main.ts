#!/usr/bin/env node
import module from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
// npm only warns of an older Node, which would fail on syntax that it does not know.
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(`ispyb-migrate needs Node 22.12 or newer, but this is ${process.version}\n`);
  process.exit(78);
}
// Before anything else is loaded: it speeds up the imports below.
module.enableCompileCache();
const args = process.argv.slice(2);
// Scripts ask for the version often, and the parser of command lines alone takes as long as Node itself.
if (args.length === 1 && args[0] === "--version" && (await isVersionPrinted())) process.exit(0);
const { runCli } = await import("./run.ts");
// exitCode alone is not enough: a socket that a failed command left open would keep the process alive.
process.exit(
  await runCli(args, {
    cwd: workingFolder(),
    env: process.env,
    // Only a question opens it.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    signals: process,
    parent: () => process.ppid,
  }),
);

/** False if it could not be written; then the ordinary path reports why. */
async function isVersionPrinted(): Promise<boolean> {
  const { version } = await import("../version.ts");
  const { surviveOutput, write } = await import("./output.ts");
  // Not `using`: its helper would be imported before the compile cache is on, and before the check of Node's version.
  surviveOutput(process);
  return await write(process.stdout, `${version}\n`).then(
    () => true,
    () => false,
  );
}

/** A deleted working folder has no path; absolute paths still work. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return ".";
  }
}
