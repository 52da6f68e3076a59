import { existsSync } from "node:fs";
import type { ContainerRuntimeClient } from "testcontainers";
import { messageOf } from "../errors.ts";
import { engineFault, placeOf } from "./engine-fault.ts";
import { newestServerImage } from "./image-choice.ts";
import type { ProviderRefusal } from "./provider.ts";

/** The name of the provider, in refusals. */
export const NAME = "container";

/** The default socket of a container engine. */
const SOCKET = "/var/run/docker.sock";

/** Milliseconds to wait for the first answer of a registry. */
const REGISTRY_PATIENCE = 10_000;

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
export function modemOf(client: ContainerRuntimeClient): {
  socketPath?: string;
  host?: string;
  port?: string | number;
} {
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

/** The tags of local images that match. */
export async function localTags(client: ContainerRuntimeClient, pattern: RegExp): Promise<string[]> {
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

/** What was thrown, on one line. */
export function oneLineOf(error: unknown): string {
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

/** The refusal of this provider. */
export function refusal(reason: string, remedy: string): ProviderRefusal {
  return { provider: NAME, reason, remedy };
}
