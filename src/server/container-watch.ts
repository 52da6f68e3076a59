import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import type { ContainerRuntimeClient, GenericContainer, StartedTestContainer } from "testcontainers";
import { type ContainerEngine, modemOf } from "./container-engine.ts";

/** The label of our containers; its value identifies the process. */
export const RUN_LABEL = "ispyb-migrate.run";

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
      await started.stop({ timeout: 0 }).catch((error: { statusCode?: number }) => {
        // Others have removed it, or are removing it.
        if (error.statusCode !== 404 && error.statusCode !== 409) throw error;
      });
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
