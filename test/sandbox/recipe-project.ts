/** A project outside of the repository, in which recipes are followed as they are written. */
import { chmod, copyFile, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { basename, delimiter, dirname, join } from "node:path";
import { cacheRoot } from "../../src/server/cache-root.ts";
import { type Ended, run } from "../../src/server/process.ts";
import { shellWord } from "../../src/shell-word.ts";
import type { ClientProgram } from "../support/stock-client.ts";
import type { Block } from "./recipe-blocks.ts";

export interface Project {
  readonly folder: string;
  /** Writes the blocks that are files; `change` may alter their text. */
  write(blocks: readonly Block[], change?: (text: string) => string): Promise<void>;
  /** Runs lines in the shell that stops at the first failure. */
  shell(lines: string): Promise<Ended>;
}

export interface Given {
  readonly archive: string;
  /** Where npm installs programs for all projects. */
  readonly global: string;
  /** Folders of programs that a recipe takes for granted. */
  readonly programs: readonly string[];
}

/** `folder` is empty. `anew`: no template is in the cache, as on a new machine. */
export async function newProject(
  folder: string,
  { archive, global, programs }: Given,
  anew: boolean,
): Promise<Project> {
  const project = join(folder, "project");
  await mkdir(project);
  await copyFile(archive, join(project, basename(archive)));
  const path = [...programs, join(global, "bin"), dirname(process.execPath), process.env["PATH"]].join(delimiter);
  const env = {
    PATH: path,
    ...(anew ? { XDG_CACHE_HOME: await ownCache(folder) } : {}),
    npm_config_prefix: global,
    npm_config_prefer_offline: "true",
    PIP_RETRIES: "0",
  };
  return {
    folder: project,
    async write(blocks, change = (text) => text) {
      for (const { file, text } of blocks) {
        if (file !== undefined && !/\.ya?ml$/.test(file)) await writeFile(join(project, file), change(text));
      }
    },
    shell: (lines) => run("bash", ["-e", "-o", "pipefail", "-c", lines], { cwd: project, env }),
  };
}

/** A folder with a program named `mariadb`, the stock client. */
export async function clientFolder(folder: string, { env, file, own }: ClientProgram): Promise<string> {
  await mkdir(folder);
  const program = join(folder, "mariadb");
  // An option file is named first, and ours are none.
  const words = [...Object.entries(env).map(([name, value]) => `${name}=${value}`), file, "--no-defaults", ...own];
  await writeFile(program, `#!/bin/sh\nexec env ${words.map(shellWord).join(" ")} "$@"\n`);
  await chmod(program, 0o755);
  return folder;
}

/** A cache with the programs of the usual one, and no template. */
async function ownCache(folder: string): Promise<string> {
  const cache = join(folder, "cache");
  await mkdir(join(cache, "ispyb-migrate"), { recursive: true });
  for (const name of await readdir(cacheRoot())) {
    if (name !== "template") await symlink(join(cacheRoot(), name), join(cache, "ispyb-migrate", name));
  }
  return cache;
}
