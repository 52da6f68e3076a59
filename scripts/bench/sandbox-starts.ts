/** Our starts: `sandbox --detach` of the packed build, with a cache of its own. */
import { mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { cacheRoot } from "../../src/server/cache-root.ts";
import type { Installed } from "./installed.ts";
import { type Work, answered, once } from "./measure.ts";

/** What `sandbox --detach --json` prints. */
export interface Started {
  readonly id: string;
  readonly databases: readonly { readonly url: string }[];
  readonly admin: { readonly url: string };
}

export interface Starter {
  /** A start with these further words; it is stopped outside of the measurement. */
  work(name: string, words?: readonly string[]): Work;
  /** A start from nothing but the unpacked server. */
  cold(name: string): Work;
  start(words: readonly string[]): Started & AsyncDisposable;
  /** The data directory of the template for one worker. */
  readonly data: string;
}

/** `name` is a folder for the cache; `words` choose server and content. */
export function starter(build: Installed, name: string, words: readonly string[]): Starter {
  const usual = cacheIn(join(build.folder, name));
  const aside = join(build.folder, `${name}-aside`);
  const stop = (id: string) => once(build.program("sandbox", "stop", id));
  const start = (more: readonly string[], env = usual) => {
    const { stdout, took } = answered({ ...build.program("sandbox", ...more, ...words, "--detach", "--json"), env });
    return { took, sandbox: JSON.parse(stdout) as Started };
  };
  const startOnce = (more: readonly string[], env = usual) => {
    const { sandbox, took } = start(more, env);
    stop(sandbox.id);
    return took;
  };
  startOnce([]);
  const templates = join(usual.XDG_CACHE_HOME, "ispyb-migrate", "template");
  const [template = ""] = readdirSync(templates);
  return {
    data: join(templates, template, "data"),
    work: (title, more = []) => ({ name: title, once: async () => startOnce(more) }),
    cold: (title) => ({
      name: title,
      once: async () => {
        const took = startOnce([], cacheIn(aside));
        rmSync(aside, { recursive: true });
        return took;
      },
    }),
    start: (more) => {
      const { sandbox } = start(more);
      return { ...sandbox, [Symbol.asyncDispose]: async () => void stop(sandbox.id) };
    },
  };
}

/** A cache that has the unpacked programs of the usual one, and nothing else. */
function cacheIn(folder: string) {
  const own = join(folder, "ispyb-migrate");
  mkdirSync(own, { recursive: true });
  symlinkSync(join(cacheRoot(), "package"), join(own, "package"));
  return { XDG_CACHE_HOME: folder };
}
