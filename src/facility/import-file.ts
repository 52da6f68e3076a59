/**
 * A .ts, .js or .mjs file of a facility, imported by Node itself. Such a file has nothing beside it that Node could look
 * in: so it writes `from "ispyb-migrate/migration"`, and that name means the program that runs.
 */
import { stat } from "node:fs/promises";
import module from "node:module";
import { pathToFileURL } from "node:url";
import { MigrateError, messageOf } from "../errors.ts";
import { ownDefinitions } from "../own-files.ts";
import type { MigrationFile } from "./folder.ts";
import { loadsTypes, namesImports, nodeVersion } from "./surroundings.ts";

/** What a migration file imports. */
export const OWN_NAME = "ispyb-migrate/migration";

/** The default export of this file. Throws CONFIGURATION with file and line. */
export async function importFile(file: MigrationFile): Promise<unknown> {
  assertLoadable(file);
  const { href } = pathToFileURL(file.path);
  using _resolving = resolving(new URL("./", href).href);
  try {
    return ((await import(`${href}?${await formOf(file)}`)) as { default?: unknown }).default;
  } catch (cause) {
    const line = lineIn(cause, href) ?? (await lineOfSyntaxError(href));
    throw new MigrateError("CONFIGURATION", `${file.path} cannot be loaded: ${messageOf(cause)}`, {
      where: line === undefined ? file.path : `${file.path}:${line}`,
      done: "nothing was changed",
      next: "correct the file, then run the same command again",
      cause,
    });
  }
}

// --- internal ---

function assertLoadable({ extension, path }: MigrationFile): void {
  if (namesImports() && (loadsTypes() || extension !== "ts")) return;
  const wanted = extension === "ts" ? "Node 22.18 or newer" : "Node 22.15 or newer";
  throw new MigrateError("CONFIGURATION", `${path} needs ${wanted}, but this is ${nodeVersion}`, {
    where: path,
    wanted,
    done: "nothing was changed",
    next: `install ${wanted}; a .sql file needs none`,
  });
}

/** What follows an address to load JavaScript as TypeScript. */
const LINE = "?line";

/** Node loads an address once: a file that was changed since gets another. */
async function formOf({ path }: MigrationFile): Promise<string> {
  const { mtimeMs, size } = await stat(path);
  return `${Math.round(mtimeMs)}_${size}`;
}

/** While it lives, our name leads here, and what lies in the folder is a module whatever else is near it. */
function resolving(folder: string): Disposable {
  const hooks = module.registerHooks({
    resolve(specifier, context, next) {
      if (specifier === OWN_NAME) return { url: ownDefinitions.href, shortCircuit: true };
      const resolved = next(specifier, context);
      if (!resolved.url.startsWith(folder)) return resolved;
      const { pathname, search } = new URL(resolved.url);
      const isScript = /\.m?js$/.test(pathname) && search !== LINE;
      return { ...resolved, format: isScript ? "module" : "module-typescript" };
    },
  });
  return { [Symbol.dispose]: () => hooks.deregister() };
}

/** The first line of this file that the error names. */
function lineIn(error: unknown, href: string): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return stack.split(href)[1]?.match(/^(?:\?\w+)?:(\d+)/)?.[1];
}

/** Node keeps the line of a syntax error in JavaScript to itself; its parser of TypeScript names it. */
async function lineOfSyntaxError(href: string): Promise<string | undefined> {
  if (!loadsTypes()) return undefined;
  const error: unknown = await import(`${href}${LINE}`).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return lineIn(error, href);
}
