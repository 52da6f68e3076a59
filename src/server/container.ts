import { randomBytes } from "node:crypto";
import type { StartedTestContainer, WaitStrategy } from "testcontainers";
import { toOwnServer } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import {
  type ContainerEngine,
  NAME,
  containerEngine,
  localImage,
  localTags,
  oneLineOf,
  pulled,
  refusal,
} from "./container-engine.ts";
import { PULLED } from "./choice.ts";
import { startWatched } from "./container-watch.ts";
import { newestServerImage } from "./image-choice.ts";
import { lastLines } from "./process.ts";
import type { ProviderRefusal, RunningServer, ServerProvider } from "./provider.ts";
import { answers } from "./ready.ts";

/** Seconds until the server must answer: the official images first initialise a data directory. */
const START_SECONDS = 120;

const usualSettings: readonly string[] = ["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M"];

/** A server in a container; `isThere` asks the engine whether the container still runs. */
export interface ContainerServer extends RunningServer {
  readonly isThere: () => Promise<boolean>;
}

/**
 * A server in a container, through the optional package testcontainers: of the newest local image of a supported
 * server, or else of one that is pulled.
 */
export const container: ServerProvider = {
  name: NAME,
  async start(report) {
    const engine = await containerEngine();
    if ("reason" in engine) return engine;
    const image = (await localImage(engine.client)) ?? (await pulled(engine.client, PULLED, report));
    if (typeof image !== "string") {
      const reason = `no local image of a supported mariadb or mysql, and ${PULLED} cannot be pulled: ${image.reason}`;
      return refusal(reason, `docker pull ${PULLED}, or load the image from a file with docker load`);
    }
    report(`starting a container of ${image}`);
    return startContainer(engine, image);
  },
};

/** A provider with this image. */
export function containerOfImage(image: string): ServerProvider {
  return { name: NAME, start: (report) => startImage(image, report) };
}

/**
 * A server of this image: the local one, also of a longer tag (`mariadb:11.8.9` for `mariadb:11.8`), or pulled. Throws
 * SERVER_START.
 */
export async function startImage(
  image: string,
  report: (line: string) => void,
  settings = usualSettings,
): Promise<ContainerServer | ProviderRefusal> {
  const engine = await containerEngine();
  if ("reason" in engine) return engine;
  const usable = (await localImageOf(engine, image)) ?? (await pulled(engine.client, image, report));
  if (typeof usable !== "string") {
    const reason = `there is no local image ${image}, and it cannot be pulled: ${usable.reason}`;
    return refusal(reason, `docker pull ${image}, or load the image from a file with docker load`);
  }
  report(`starting a container of ${usable}`);
  return startContainer(engine, usable, settings);
}

/** The tag of this image among the local ones: itself, or else the newest longer one. */
export async function localImageOf({ client }: ContainerEngine, image: string): Promise<string | undefined> {
  const tags = await localTags(client, /:/);
  return tags.includes(image) ? image : newestServerImage(tags.filter((tag) => isWithin(tag, image)));
}

function isWithin(tag: string, image: string): boolean {
  return tag.startsWith(image) && /^[.-]/.test(tag.slice(image.length));
}

async function startContainer(
  engine: ContainerEngine,
  image: string,
  settings = usualSettings,
): Promise<ContainerServer> {
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
    const target = { ...place, database: "mysql", ...toOwnServer } as const;
    if (await answers(target, START_SECONDS, () => false)) {
      const isThere = () => isRunning(engine, started.getId());
      return { description: `container of ${image}`, ...place, isThere, [Symbol.asyncDispose]: stop };
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

async function isRunning({ client }: ContainerEngine, id: string): Promise<boolean> {
  try {
    const { State } = await client.container.dockerode.getContainer(id).inspect();
    return State.Running;
  } catch {
    // It is removed when it ends, or the engine itself has ended.
    return false;
  }
}

/** Waits for nothing: a connection proves readiness, and testcontainers has no strategy for that. */
const waitsForNothing: WaitStrategy = {
  waitUntilReady: async () => {},
  withStartupTimeout: () => waitsForNothing,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 0,
};

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
