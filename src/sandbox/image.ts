/** What a container image cannot do, and what can do it. */
import { MigrateError } from "../errors.ts";
import { type Hint, hint } from "../hint.ts";
import { seriesLike } from "../server/series.ts";

type Parts = NonNullable<Parameters<typeof hint<"sandbox">>[1]>;

/** USAGE: only a server that is started on a copied data directory can do this, for example by the same command. */
export function notInContainer(what: string, image: string, command: Parts): MigrateError {
  const next = withoutEngine(image, command);
  return new MigrateError("USAGE", what, { where: image, done: "no server was started", next });
}

/** The command for a server of the same vendor, without a container. */
export function withoutEngine(image: string, { args = [], options = {} }: Parts = {}): Hint {
  const server = seriesLike(image);
  return hint("sandbox", { args, options: { ...options, server }, note: "needs no container engine" });
}
