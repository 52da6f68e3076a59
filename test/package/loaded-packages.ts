import { run } from "../../src/server/process.ts";

/** Prints, when the process ends, the packages of which a module was loaded. */
const hook = `
  import { registerHooks } from "node:module";
  const loaded = new Set();
  registerHooks({
    load(url, context, next) {
      const inPackages = url.split("/node_modules/").at(-1);
      if (url.includes("/node_modules/")) loaded.add(/^(?:@[^/]+\\/)?[^/]+/.exec(inPackages)[0]);
      return next(url, context);
    },
  });
  process.on("exit", () => console.error("\\nLOADED " + JSON.stringify([...loaded].sort())));
`;

/** The packages that a program of Node loads until its end, in the order of their names. */
export async function loadedPackages(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string[]> {
  const imported = ["--import", `data:text/javascript,${encodeURIComponent(hook)}`];
  const { output } = await run(process.execPath, [...imported, program, ...args], { env });
  const found = /^LOADED (.*)$/m.exec(output)?.[1];
  if (found === undefined) throw new Error(`the program did not come to its end:\n${output}`);
  return JSON.parse(found) as string[];
}
