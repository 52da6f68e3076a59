import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import type { ContainerRuntimeClient, StartedTestContainer, WaitStrategy } from "testcontainers";
import { MigrateError } from "../errors.ts";
import { lastLines } from "./process.ts";
import { answers } from "./ready.ts";
import type { Refusal, RunningServer, ServerProvider } from "./provider.ts";

const NAME = "container";

/** The official images, and our own that stand in for them (scripts/images.ts). */
const OFFICIAL = /^(docker\.io\/library\/)?(mysql|mariadb):/;

/** What is pulled where a registry answers and no image of a server is here yet. */
const PULLED = "mariadb:11.8";

/** How long a registry may take to begin its answer, in milliseconds. */
const REGISTRY_PATIENCE = 10_000;

/** The official images initialise a data directory first. */
const START_SECONDS = 120;

const settings: readonly string[] = ["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M"];

/** A server in a container, through testcontainers, which is an optional package. */
export const container: ServerProvider = {
  name: NAME,
  async start(report) {
    const engine = await containerEngine();
    if ("reason" in engine) return engine;
    const image = (await localImage(engine.client, OFFICIAL)) ?? (await pulled(engine.client, PULLED, report));
    if (image === undefined) {
      const remedy = `docker pull ${PULLED}, or docker load it from a file`;
      return refusal("there is no local mysql or mariadb image, and no registry answers", remedy);
    }
    report(`starting a container of ${image}`);
    return startContainer(engine, image);
  },
};

/** The package and the engine behind it, both proven to be there. */
export interface ContainerEngine {
  readonly testcontainers: typeof import("testcontainers");
  readonly client: ContainerRuntimeClient;
}

/** testcontainers with an engine that answers, or the reason why not. */
export async function containerEngine(): Promise<ContainerEngine | Refusal> {
  let testcontainers: typeof import("testcontainers");
  try {
    testcontainers = await import("testcontainers");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    return refusal("the optional package testcontainers is not installed", "npm install --save-dev testcontainers");
  }
  let client: ContainerRuntimeClient;
  try {
    client = await testcontainers.getContainerRuntimeClient();
  } catch {
    return refusal("no container engine answers", "start Docker, or set DOCKER_HOST to where it listens");
  }
  await settleReaper(client);
  return { testcontainers, client };
}

/** The newest local image of which a tag looks like `pattern`. */
export async function localImage(client: ContainerRuntimeClient, pattern: RegExp): Promise<string | undefined> {
  const images = await client.container.dockerode.listImages();
  const tags = images.flatMap((image) => image.RepoTags ?? []).filter((tag) => pattern.test(tag));
  return tags.toSorted((a, b) => b.localeCompare(a, "en", { numeric: true }))[0];
}

/** The image, pulled, if a registry begins to answer soon; undefined if not. */
export async function pulled(
  client: ContainerRuntimeClient,
  image: string,
  report: (line: string) => void,
): Promise<string | undefined> {
  const { dockerode } = client.container;
  const patience = AbortSignal.timeout(REGISTRY_PATIENCE);
  const tooLate = new Promise<undefined>((resolve) => {
    patience.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  try {
    const progress = await Promise.race([dockerode.pull(image), tooLate]);
    if (progress === undefined) return undefined;
    report(`pulling ${image}`);
    await new Promise<void>((resolve, reject) => {
      dockerode.modem.followProgress(progress, (error) => (error ? reject(error) : resolve()));
    });
    return image;
  } catch {
    return undefined;
  }
}

/**
 * testcontainers removes what a killed process left behind with a helper container of its own
 * ("Ryuk"). Where its image cannot be had, every start would fail for want of it.
 */
async function settleReaper(client: ContainerRuntimeClient): Promise<void> {
  if (process.env["TESTCONTAINERS_RYUK_DISABLED"] !== undefined) return;
  if ((await localImage(client, /(^|\/)testcontainers\/ryuk:/)) === undefined) {
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
  const started = await wanted.start();
  const release = removeWhenGone(started);
  const stop = async () => {
    await started.stop({ timeout: 0 });
    release();
  };
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

/** Readiness is proven by a connection, which no strategy of testcontainers does. */
export const waitsForNothing: WaitStrategy = {
  waitUntilReady: async () => {},
  withStartupTimeout: () => waitsForNothing,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 0,
};

/**
 * Removes the container if this process goes away without having stopped it. The returned function
 * ends the watch. It needs the docker program; where that is missing, Ryuk is the only net.
 */
export function removeWhenGone(started: StartedTestContainer): () => void {
  const script = 'read -r word; [ "$word" = done ] || docker rm --force --volumes "$1"';
  const stdio = ["pipe", "ignore", "ignore"] as const;
  const child = spawn("sh", ["-c", script, "sh", started.getId()], { detached: true, stdio: [...stdio] });
  child.on("error", () => {});
  child.stdin?.on("error", () => {});
  child.unref();
  (child.stdin as unknown as { unref(): void } | null)?.unref();
  return () => child.stdin?.end("done\n");
}

async function logOf(started: StartedTestContainer): Promise<string> {
  const stream = await started.logs();
  // The stream of a running container never ends by itself.
  const end = setTimeout(() => stream.destroy(), 500);
  let text = "";
  try {
    for await (const part of stream) text += String(part);
  } catch {
    // Cut off by us; what came is what is shown.
  }
  clearTimeout(end);
  return text;
}

function refusal(reason: string, remedy: string): Refusal {
  return { provider: NAME, reason, remedy };
}
