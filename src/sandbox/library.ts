/** `ispyb-migrate/sandbox`: test databases for programs. Nothing here writes to the terminal or exits. */
import { resolve } from "node:path";
import { type ContentOptions, readRecipe } from "./content-options.ts";
import type { Description } from "./description.ts";
import { environmentOf } from "./environment.ts";
import { checkSandbox, resetSandbox } from "./reset-sandbox.ts";
import { type Sandbox, startSandbox as start } from "./sandbox.ts";

export type { TestAccount, TestDatabase } from "./account.ts";
export type { ContentOptions } from "./content-options.ts";
export type { Description };
export { listSandboxes, stopSandbox } from "./running.ts";

export interface SandboxOptions extends ContentOptions {
  /** How many databases, each with an account of its own; 1 by default. */
  readonly workers?: number | undefined;
  /** `mariadb-10.5`, `mariadb-10.11`, `mariadb-11.8`, `mysql-9`, or an image as `mariadb:11.8`; the first that this machine has by default. */
  readonly server?: string | undefined;
  /** A file that `ispyb-migrate sandbox pack` wrote. */
  readonly template?: string | undefined;
  /** Refuses at once a server that could not be detached: a container ends with this process. */
  readonly mustOutlive?: boolean | undefined;
  /** Where relative paths begin; the current folder by default. */
  readonly folder?: string | undefined;
  /** Called with a line about work that takes long: a template is prepared, a server is unpacked. */
  readonly report?: ((line: string) => void) | undefined;
}

/** A running sandbox. It ends when it is disposed of, and with this process. */
export interface TestSandbox extends Sandbox {
  /** Of the first database, with its password. */
  readonly url: string;
  readonly urls: readonly string[];
  readonly adminUrl: string;
  /** As plain data, for another process. */
  readonly description: Description;
  /** The variables that `ispyb-migrate sandbox -- COMMAND` gives to its command. */
  readonly environment: Readonly<Record<string, string>>;
  /** Restores one database exactly, or all of them. */
  reset(name?: string): Promise<void>;
  /** What differs from the template, as sentences: of one database, or of all. */
  check(name?: string): Promise<readonly string[]>;
}

/** Throws a MigrateError: USAGE, STORY_INVALID, BASE_INVALID, NO_SERVER, SERVER_START. */
export async function startSandbox(options: SandboxOptions = {}): Promise<TestSandbox> {
  const { folder = "", mustOutlive = false, report = () => {}, server, template, workers = 1 } = options;
  const sandbox = await start({
    recipe: await readRecipe(options, folder),
    workers,
    server,
    mustOutlive,
    template: template === undefined ? undefined : resolve(folder, template),
    report,
  });
  const { detach, [Symbol.asyncDispose]: dispose, ...description } = sandbox;
  const names = (name?: string) => (name === undefined ? sandbox.databases.map((each) => each.name) : [name]);
  return {
    ...description,
    description,
    ...(detach === undefined ? {} : { detach }),
    [Symbol.asyncDispose]: dispose,
    url: sandbox.databases[0].url,
    urls: sandbox.databases.map(({ url }) => url),
    adminUrl: sandbox.admin.url,
    environment: environmentOf(sandbox),
    reset: async (name) => void (await resetSandbox(sandbox, names(name))),
    check: async (name) => {
      const checked = await checkSandbox(sandbox, names(name));
      return checked.flatMap((each) => each.differences.map((difference) => `${each.name}: ${difference}`));
    },
  };
}
