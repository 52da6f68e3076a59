import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { ensureImage, recipes } from "../../scripts/images.ts";
import { connect } from "../../src/db/connect.ts";
import { waitsForNothing } from "../../src/server/container.ts";
import { containerEngine, localImage } from "../../src/server/container-engine.ts";
import { startWatched } from "../../src/server/container-watch.ts";
import { answers } from "../../src/server/ready.ts";
import { throwAwaySettings } from "../../src/server/throw-away-settings.ts";
import { type Lane, type Prepared, everythingIsWanted } from "./lanes.ts";
import { fillTemplate, fillUpgraded } from "./template.ts";
import { TICKET } from "./ticket.ts";
import { within } from "./within.ts";

/** The port inside the container on which the template is filled; the pool's ports follow it. */
const TEMPLATE_PORT = 3300;
const SERVERS = 4;
const START_SECONDS = 90;

interface Wishes {
  /** How many servers run side by side. */
  readonly servers?: number;
  /** More server arguments, for the making of the data directory, too. */
  readonly settings?: readonly string[];
  /** Whether the template holds upgraded databases as well. */
  readonly upgraded?: boolean;
}

/** Starts the container in which all test servers of a lane run, and the way to stop it. */
export async function prepareContainerLane(
  lane: Lane,
  report: (line: string) => void,
  { servers = SERVERS, settings = [], upgraded = true }: Wishes = {},
): Promise<{ readonly prepared: Prepared; readonly stop: () => Promise<void> }> {
  const engine = await containerEngine();
  if ("reason" in engine) return missing(engine.reason);
  const recipe = recipes[lane.name];
  if (recipe === undefined) throw new Error(`scripts/images.ts has no recipe for the lane ${lane.name}`);
  const image = everythingIsWanted()
    ? await ensureImage(lane.name, report)
    : await localImage(engine.client, recipe.matches);
  if (image === undefined) return missing(`there is no local image ${recipe.official}`);

  const password = randomBytes(15).toString("base64url");
  const ports = Array.from({ length: servers }, (_, at) => TEMPLATE_PORT + 1 + at);
  const wanted = new engine.testcontainers.GenericContainer(image)
    .withCopyFilesToContainer([
      { source: fileURLToPath(new URL("container-pool.sh", import.meta.url)), target: "/container-pool.sh" },
    ])
    .withEntrypoint(["/bin/bash", "/container-pool.sh", String(TEMPLATE_PORT), ...ports.map(String)])
    .withEnvironment({
      ISPYB_POOL_PASSWORD: password,
      ISPYB_POOL_SETTINGS: [...throwAwaySettings(lane.vendor), ...settings].join(" "),
    })
    .withExposedPorts(TEMPLATE_PORT, ...ports)
    .withTmpFs({ "/pool": "rw" })
    .withWaitStrategy(waitsForNothing)
    .withAutoRemove(true);
  const { started, stop } = await within(startWatched(engine, wanted), `a container of ${image}`);
  try {
    const host = started.getHost();
    const at = { host, port: started.getMappedPort(TEMPLATE_PORT), user: "root", password };
    const target = { ...at, database: "mysql", tls: { mode: "disabled" } } as const;
    if (!(await answers(target, START_SECONDS, () => false))) {
      throw new Error(`the servers in ${image} do not start; docker logs ${started.getId()}`);
    }
    await within(fillTemplate(at), `the template in ${image}`);
    if (upgraded) await within(fillUpgraded(at), `the upgraded template in ${image}`);
    await using db = await connect(target);
    await db.run(`CREATE DATABASE ${TICKET}`);
    await db.run("SHUTDOWN");
    return {
      prepared: { kind: "container", host, password, ports: ports.map((port) => started.getMappedPort(port)) },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function missing(reason: string): { readonly prepared: Prepared; readonly stop: () => Promise<void> } {
  const remedy = "as root, ISPYB_TEST=all scripts/test sets it up by itself";
  return { prepared: { kind: "missing", reason, remedy }, stop: async () => {} };
}
