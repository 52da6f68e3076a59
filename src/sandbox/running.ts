/** The running sandboxes of this account, and how another process ends them. */
import { stat } from "node:fs/promises";
import { MigrateError } from "../errors.ts";
import { hint } from "../hint.ts";
import { listRegistered, stopRegistered } from "../server/registry.ts";
import type { Description } from "./description.ts";

/** The oldest first. */
export async function listSandboxes(): Promise<Description[]> {
  const all = (await listRegistered()).map(({ description }) => description as Description);
  return all.toSorted((a, b) => a.started.localeCompare(b.started));
}

/** The sandbox with this id, or the only one. Throws USAGE if that is none, or if several are running. */
export async function findSandbox(id: string | undefined): Promise<Description> {
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
    ...(all.length === 0 ? {} : { found: all.map((each) => each.id) }),
    done: "nothing was changed",
    next:
      all.length === 0
        ? hint("sandbox", { options: { detach: true }, note: "starts one" })
        : hint("sandbox", { args: ["list"] }),
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
