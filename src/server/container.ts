import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import type { ContainerRuntimeClient, GenericContainer, StartedTestContainer, WaitStrategy } from "testcontainers";
import { MigrateError, messageOf } from "../errors.ts";
import { engineFault, placeOf } from "./engine-fault.ts";
import { newestServerImage } from "./image-choice.ts";
import { lastLines } from "./process.ts";
import type { ProviderRefusal, RunningServer, ServerProvider } from "./provider.ts";
import { answers } from "./ready.ts";

const NAME = "container";

/** The default socket of a container engine. */
const SOCKET = "/var/run/docker.sock";

/** The label of our containers; its value identifies the process. */
export const RUN_LABEL = "ispyb-migrate.run";

/** The image to pull if there is no local image of a server. */
const PULLED = "mariadb:11.8";

/** Milliseconds to wait for the first answer of a registry. */
const REGISTRY_PATIENCE = 10_000;

/** Seconds until the server must answer: the official images first initialise a data directory. */
const START_SECONDS = 120;

const settings: readonly string[] = ["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M"];

/** A server in a container, through the optional package testcontainers. */
export const container = containerOf(/:/, PULLED);

/** A provider with the newest local image of a supported server with a tag like `pattern`; without one, `otherwise` is pulled. */
export function containerOf(pattern: RegExp, otherwise: string): ServerProvider {
  return {
    name: NAME,
    async start(report) {
      const engine = await containerEngine();
      if ("reason" in engine) return engine;
      const image = (await localImage(engine.client, pattern)) ?? (await pulled(engine.client, otherwise, report));
      if (typeof image !== "string") {
        const reason = `no local image of a supported mariadb or mysql, and ${otherwise} cannot be pulled: ${image.reason}`;
        return refusal(reason, `docker pull ${otherwise}, or load the image from a file with docker load`);
      }
      report(`starting a container of ${image}`);
      return startContainer(engine, image);
    },
  };
}

/** A provider with this image: the local one, also of a longer tag (`mariadb:11.8.9` for `mariadb:11.8`), or pulled. */
export function containerOfImage(image: string): ServerProvider {
  return {
    name: NAME,
    async start(report) {
      const engine = await containerEngine();
      if ("reason" in engine) return engine;
      const tags = await localTags(engine.client, /:/);
      const local = tags.includes(image) ? image : newestServerImage(tags.filter((tag) => isWithin(tag, image)));
      const usable = local ?? (await pulled(engine.client, image, report));
      if (typeof usable !== "string") {
        const reason = `there is no local image ${image}, and it cannot be pulled: ${usable.reason}`;
        return refusal(reason, `docker pull ${image}, or load the image from a file with docker load`);
      }
      report(`starting a container of ${usable}`);
      return startContainer(engine, usable);
    },
  };
}

function isWithin(tag: string, image: string): boolean {
  return tag.startsWith(image) && /^[.-]/.test(tag.slice(image.length));
}

/** The package and its engine, both available. */
export interface ContainerEngine {
  readonly testcontainers: typeof import("testcontainers");
  readonly client: ContainerRuntimeClient;
}

/** testcontainers with an engine that answers, or a refusal. */
export async function containerEngine(): Promise<ContainerEngine | ProviderRefusal> {
  let testcontainers: typeof import("testcontainers");
  try {
    testcontainers = await import("testcontainers");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    return refusal("the optional package testcontainers is not installed", "npm install --save-dev testcontainers");
  }
  const named = process.env["DOCKER_HOST"] || undefined;
  const fault = await engineFault(named ?? `unix://${SOCKET}`);
  // testcontainers would try the default socket next, and wait forever if it does not answer.
  if (fault !== undefined && (named !== undefined || fault.code === "ETIMEDOUT")) return noEngine(named, fault);
  let client: ContainerRuntimeClient;
  try {
    client = await testcontainers.getContainerRuntimeClient();
  } catch (error) {
    return noEngine(named, fault ?? { reason: oneLineOf(error), code: "" });
  }
  if (named !== undefined && !listensAt(client, named)) {
    return noEngine(named, { reason: "testcontainers cannot use it and selected another engine", code: "" });
  }
  await settleReaper(client);
  return { testcontainers, client };
}

function noEngine(
  named: string | undefined,
  fault: { readonly reason: string; readonly code: string },
): ProviderRefusal {
  if (named !== undefined) {
    const reason = `the container engine at DOCKER_HOST=${named} does not answer: ${fault.reason}`;
    return refusal(reason, "start this engine, or unset DOCKER_HOST to use the engine of this machine");
  }
  if (fault.code === "EACCES") {
    const remedy = `allow this account to use ${SOCKET} (group docker), or set DOCKER_HOST to another engine`;
    return refusal(`this account may not use the container engine: ${fault.reason}`, remedy);
  }
  const reason = existsSync(SOCKET) ? fault.reason : `${SOCKET} does not exist`;
  return refusal(`no container engine answers: ${reason}`, "start Docker, or set DOCKER_HOST to its address");
}

/** The address of the client's requests; the package has no type for it. */
function modemOf(client: ContainerRuntimeClient): { socketPath?: string; host?: string; port?: string | number } {
  return client.container.dockerode.modem as object;
}

function listensAt(client: ContainerRuntimeClient, address: string): boolean {
  const used = modemOf(client);
  const wanted = placeOf(address);
  return wanted?.socketPath === undefined ? used.host === wanted?.host : used.socketPath === wanted.socketPath;
}

/** The newest local image of a supported server with a tag like `pattern`. */
export async function localImage(client: ContainerRuntimeClient, pattern = /:/): Promise<string | undefined> {
  return newestServerImage(await localTags(client, pattern));
}

async function localTags(client: ContainerRuntimeClient, pattern: RegExp): Promise<string[]> {
  const images = await client.container.dockerode.listImages();
  return images.flatMap((image) => image.RepoTags ?? []).filter((tag) => pattern.test(tag));
}

/** Pulls the image. Returns its name, or the reason for a failure; a registry must begin to answer soon. */
export async function pulled(
  client: ContainerRuntimeClient,
  image: string,
  report: (line: string) => void,
): Promise<string | { readonly reason: string }> {
  const { dockerode } = client.container;
  const patience = AbortSignal.timeout(REGISTRY_PATIENCE);
  const tooLate = new Promise<undefined>((resolve) => {
    patience.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  try {
    const progress = await Promise.race([dockerode.pull(image), tooLate]);
    if (progress === undefined) return { reason: `no registry answered within ${REGISTRY_PATIENCE / 1000} s` };
    report(`pulling ${image}`);
    await new Promise<void>((resolve, reject) => {
      dockerode.modem.followProgress(progress, (error) => (error ? reject(error) : resolve()));
    });
    return image;
  } catch (error) {
    return { reason: oneLineOf(error) };
  }
}

function oneLineOf(error: unknown): string {
  return messageOf(error).replaceAll(/\s+/g, " ").trim();
}

/**
 * Disables Ryuk if its image is not available locally, because otherwise every start would fail. Ryuk is the
 * container with which testcontainers removes containers of killed processes.
 */
async function settleReaper(client: ContainerRuntimeClient): Promise<void> {
  if (process.env["TESTCONTAINERS_RYUK_DISABLED"] !== undefined) return;
  if ((await localTags(client, /(^|\/)testcontainers\/ryuk:/)).length === 0) {
    process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";
  }
}

async function startContainer(engine: ContainerEngine, image: string): Promise<RunningServer> {
  const password = randomBytes(15).toString("base64url");
  const wanted = new engine.testcontainers.GenericContainer(image)
    .withEnvironment({ MYSQL_ROOT_PASSWORD: password, MARIADB_ROOT_PASSWORD: password, MYSQL_DATABASE: "test" })
    .withExposedPorts(3306)
    .withTmpFs({ "/var/lib/mysql": "rw" })
    .withCommand([...settings])
    .withWaitStrategy(waitsForNothing)
    .withAutoRemove(true);
  const { started, stop } = await startWatched(engine, wanted).catch((error: unknown) => {
    const lines = lastLines(oneLineOf(error));
    throw new MigrateError("SERVER_START", `a container of ${image} cannot be started`, { where: image, found: lines });
  });
  try {
    const place = { host: started.getHost(), port: started.getMappedPort(3306), user: "root", password };
    const target = { ...place, database: "mysql", tls: { mode: "disabled" } } as const;
    if (await answers(target, START_SECONDS, () => false)) {
      return { description: `container of ${image}`, ...place, [Symbol.asyncDispose]: stop };
    }
    throw new MigrateError("SERVER_START", `the container of ${image} did not start a server`, {
      where: image,
      found: lastLines(await logOf(started)),
      next: `docker run --rm -e MARIADB_ROOT_PASSWORD=x -e MYSQL_ROOT_PASSWORD=x ${image}`,
    });
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits for nothing: a connection proves readiness, and testcontainers has no strategy for that. */
export const waitsForNothing: WaitStrategy = {
  waitUntilReady: async () => {},
  withStartupTimeout: () => waitsForNothing,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 0,
};

/** Starts a container that is removed when it is stopped, or when this process ends in any way. */
export async function startWatched(
  engine: ContainerEngine,
  wanted: GenericContainer,
): Promise<{ readonly started: StartedTestContainer; readonly stop: () => Promise<void> }> {
  const label = `${process.pid}-${randomBytes(9).toString("base64url")}`;
  const release = removeWhenGone(engine.client, label);
  try {
    const started = await wanted.withLabels({ [RUN_LABEL]: label }).start();
    const stop = async () => {
      await started.stop({ timeout: 0 });
      release();
    };
    return { started, stop };
  } catch (error) {
    await removeLabelled(engine.client, label);
    release();
    throw error;
  }
}

/**
 * Watches this process and removes the container with the label when the process ends. The watch begins before the
 * container is created; the returned function ends it. The engine may still be creating the container when the
 * process has ended, so the search is repeated. It needs the docker program; without it, only Ryuk cleans up.
 */
function removeWhenGone(client: ContainerRuntimeClient, label: string): () => void {
  const script = `
read -r word
[ "$word" = done ] && exit
for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  docker ps --all --quiet --filter "label=$1" | xargs -r docker rm --force --volumes
  sleep 0.5
done`;
  const { socketPath } = modemOf(client);
  const child = spawn("sh", ["-c", script, "sh", `${RUN_LABEL}=${label}`], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    // Without DOCKER_HOST the docker program might use another engine.
    env: { ...process.env, ...(socketPath === undefined ? {} : { DOCKER_HOST: `unix://${socketPath}` }) },
  });
  child.on("error", () => {});
  child.stdin.on("error", () => {});
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return () => child.stdin.end("done\n");
}

/** Removes a container that a failed start has created. */
async function removeLabelled(client: ContainerRuntimeClient, label: string): Promise<void> {
  const { dockerode } = client.container;
  const made = await dockerode.listContainers({ all: true, filters: { label: [`${RUN_LABEL}=${label}`] } });
  for (const { Id } of made) await dockerode.getContainer(Id).remove({ force: true, v: true });
}

async function logOf(started: StartedTestContainer): Promise<string> {
  const stream = await started.logs();
  // The stream of a running container never ends by itself.
  const end = setTimeout(() => stream.destroy(), 500);
  let text = "";
  try {
    for await (const part of stream) text += String(part);
  } catch {
    // We destroyed the stream; the text so far is enough.
  }
  clearTimeout(end);
  return text;
}

function refusal(reason: string, remedy: string): ProviderRefusal {
  return { provider: NAME, reason, remedy };
}
