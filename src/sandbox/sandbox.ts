/** A sandbox: a private server on a copy of a template, with a database and an account for each worker. */
import { randomBytes } from "node:crypto";
import { removeLeftOver } from "../server/left-over.ts";
import { startPrivateServer } from "../server/private-server.ts";
import { register } from "../server/registry.ts";
import { sandboxSettings } from "../server/sandbox-settings.ts";
import { urlOf } from "./account.ts";
import type { Description } from "./description.ts";
import { programOf } from "./program.ts";
import type { Recipe } from "./recipe.ts";
import { templateOf } from "./template.ts";

export interface SandboxOptions {
  readonly recipe: Recipe;
  /** How many databases; each has the content of the recipe. */
  readonly workers: number;
  /** A series (`mysql-9`); the first server that this machine has if undefined. */
  readonly server?: string | undefined;
  /** A file that `packTemplate` wrote. */
  readonly template?: string | undefined;
  readonly report: (line: string) => void;
}

/** A running sandbox; its server ends and its data are removed when it is disposed of, or when this process ends. */
export interface Sandbox extends Description, AsyncDisposable {
  /** Lets the sandbox outlive this process; `stopSandbox` ends it. */
  readonly detach: () => void;
}

/** Throws NO_SERVER, SERVER_START, and what the content of the recipe throws. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { recipe, report, workers } = options;
  const binary = await programOf(options.server, report);
  if (options.template !== undefined) {
    const { unpacked } = await import("./pack.ts");
    await unpacked(options.template, binary, recipe, report);
  }
  const [{ data }] = await Promise.all([templateOf(binary, recipe, report), removeLeftOver()]);
  const server = await startPrivateServer(binary, {
    copyOf: data,
    args: sandboxSettings(binary),
    memory: true,
    detachable: true,
    purpose: "sandbox-",
  });
  try {
    const { openDatabases } = await import("./worker-databases.ts");
    const [first, ...others] = await openDatabases(server, workers);
    if (first === undefined) throw new Error("a sandbox needs a database");
    const { folder, host, port, socket, user, password } = server;
    const description: Description = {
      id: randomBytes(4).toString("hex"),
      server: binary.description,
      folder,
      host,
      port,
      ...(socket === undefined ? {} : { socket }),
      databases: [first, ...others],
      admin: { user, password, url: urlOf(server, server, "") },
      started: new Date().toISOString(),
    };
    await register(folder, description);
    return { ...description, detach: server.detach, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}
