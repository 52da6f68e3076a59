/** The running sandboxes of this account, and how another process ends them. */
import { stat } from "node:fs/promises";
import { MigrateError } from "../errors.ts";
import { type Next, hint } from "../hint.ts";
import { listRegistered, stopRegistered } from "../server/registry.ts";
import type { Description } from "./description.ts";

/** The oldest first. */
export async function listSandboxes(): Promise<Description[]> {
  const all = (await listRegistered()).map(({ description }) => description as Description);
  return all.toSorted((a, b) => a.started.localeCompare(b.started));
}

/** The sandbox with this id, or the only one. Throws USAGE if there is none, or if several are running: `choose` says how to name one. */
export async function findSandbox(id: string | undefined, choose: readonly Next[]): Promise<Description> {
  const all = await listSandboxes();
  const wanted = id === undefined ? all : all.filter((each) => each.id === id);
  const [only] = wanted;
  if (only !== undefined && wanted.length === 1) return only;
  const what =
    all.length === 0
      ? "no sandbox is running"
      : id === undefined
        ? "several sandboxes are running"
        : `no sandbox has the id ${id}`;
  throw new MigrateError("USAGE", what, {
    ...(all.length === 0 ? {} : { found: all.map((each) => `${each.id}: ${each.server}, since ${each.started}`) }),
    done: "nothing was changed",
    next: all.length === 0 ? [hint("sandbox", { options: { detach: true }, note: "starts one" })] : choose,
  });
}

/** Ends the server without a clean shutdown, and removes its data. Throws SERVER_START if it cannot be ended. */
export async function stopSandbox({ folder, id, server }: Description): Promise<void> {
  if (await stopRegistered(folder)) return;
  throw new MigrateError("SERVER_START", `sandbox ${id} could not be stopped`, {
    where: folder,
    found: `${server} is still running`,
    next: hint("sandbox", { args: ["stop", id] }),
  });
}

/** Whether its server is still there: its folder goes with it. */
export async function isRunning({ folder }: Description): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}
