/** A sandbox: a private server on a copy of a template, with a database and an account for each worker. */
import { randomBytes } from "node:crypto";
import { parseChoice } from "../server/choice.ts";
import { removeLeftOver } from "../server/left-over.ts";
import type { RunningServer } from "../server/provider.ts";
import { register } from "../server/registry.ts";
import { urlOf } from "./account.ts";
import type { Description } from "./description.ts";
import { startFromTemplate } from "./from-template.ts";
import { pruneKept } from "./prune-kept.ts";
import type { SandboxOptions } from "./start-options.ts";

/** A running sandbox; its server ends and its data are removed when it is disposed of, or when this process ends. */
export interface Sandbox extends Description, AsyncDisposable {
  /** Lets the sandbox outlive this process; `stopSandbox` ends it. Undefined for a container, which ends with this process. */
  readonly detach?: () => void;
}

/** Throws NO_SERVER, SERVER_START, and what the content of the recipe throws. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const tidied = Promise.all([removeLeftOver(), pruneKept(options.report)]);
  tidied.catch(() => {});
  const server = await startServer(options);
  try {
    await tidied;
    const { openDatabases } = await import("./worker-databases.ts");
    const [first, ...others] = await openDatabases(server, options.workers, options.report);
    if (first === undefined) throw new Error("a sandbox needs a database");
    const { folder, host, port, socket, user, password } = server;
    const description: Description = {
      id: randomBytes(4).toString("hex"),
      server: server.description,
      folder,
      host,
      port,
      ...(socket === undefined ? {} : { socket }),
      databases: [first, ...others],
      admin: { user, password, url: urlOf(server, server, "") },
      started: new Date().toISOString(),
    };
    await register(folder, description);
    const { detach } = server;
    return {
      ...description,
      ...(detach === undefined ? {} : { detach }),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

// --- internal ---

/** Its server; the folder of it holds the description. */
interface SandboxServer extends RunningServer {
  readonly folder: string;
  readonly detach?: () => void;
}

async function startServer(options: SandboxOptions): Promise<SandboxServer> {
  const choice = options.server === undefined ? undefined : parseChoice(options.server);
  if (choice?.kind !== "image") return startFromTemplate(options);
  const { startInContainer } = await import("./in-container.ts");
  return startInContainer(choice.image, options);
}
