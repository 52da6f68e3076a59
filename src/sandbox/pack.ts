/** Packed templates: one compressed tar archive, for a CI cache or another machine of the same kind. */
import { mkdir, mkdtemp, open, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { MigrateError, messageOf } from "../errors.ts";
import { hint } from "../hint.ts";
import { programOf } from "./program.ts";
import type { ServerBinary } from "../server/binary.ts";
import { cached } from "../server/cache.ts";
import { lastLines, run } from "../server/process.ts";
import type { Recipe } from "./recipe.ts";
import { DESCRIPTION, TEMPLATES, templateKey, templateOf } from "./template.ts";

export interface Packed {
  readonly file: string;
  readonly bytes: number;
  /** The program that it is for. */
  readonly server: string;
}

/** Writes the template of this content into a file; an existing one is replaced only by a whole one. */
export async function packTemplate(
  file: string,
  recipe: Recipe,
  choice: string | undefined,
  report: (line: string) => void,
): Promise<Packed> {
  const binary = await programOf(choice, report);
  const { folder } = await templateOf(binary, recipe, report);
  const beside = await mkdtemp(join(dirname(file), `.${basename(file)}-`)).catch((cause: unknown) => {
    throw cannotWrite(file, messageOf(cause), cause);
  });
  try {
    const made = join(beside, "template.tar.gz");
    const ended = await run("tar", ["-C", folder, "-czf", made, "."]);
    if (ended.code !== 0) throw cannotWrite(file, lastLines(ended.output, 3));
    await rename(made, file);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  return { file, bytes: (await stat(file)).size, server: binary.description };
}

/**
 * Puts a packed template into the cache, if it is the one that this recipe needs. Otherwise it is stale: that is
 * reported, and the template is built. Throws CONFIGURATION if the file is no packed template.
 */
export async function unpacked(
  file: string,
  binary: ServerBinary,
  recipe: Recipe,
  report: (line: string) => void,
): Promise<void> {
  await assertReadable(file);
  const key = await templateKey(binary, recipe);
  try {
    await cached(join(TEMPLATES, key), async (folder) => {
      await mkdir(folder, { recursive: true });
      if ((await unpack(file, folder)) !== key) throw new Stale();
    });
  } catch (error) {
    if (!(error instanceof Stale)) throw error;
    report(`${file} is not used: its server, base, migrations or stories differ from those asked for`);
  }
}

// --- internal ---

class Stale extends Error {}

/** Throws CONFIGURATION also where the cache has the template already: a wrong path is a mistake. */
async function assertReadable(file: string): Promise<void> {
  await open(file).then(
    (readable) => readable.close(),
    (cause: unknown) => {
      throw unusable(file, messageOf(cause), cause);
    },
  );
}

/** Unpacks the file, and returns the key of its template. */
async function unpack(file: string, folder: string): Promise<string> {
  const ended = await run("tar", ["-C", folder, "-xzf", file]);
  if (ended.code !== 0) throw unusable(file, lastLines(ended.output, 3));
  try {
    const { key } = JSON.parse(await readFile(join(folder, DESCRIPTION), "utf8")) as { key: string };
    return key;
  } catch (cause) {
    throw unusable(file, `it does not contain ${DESCRIPTION}`, cause);
  }
}

function cannotWrite(file: string, reason: string | readonly string[], cause?: unknown): MigrateError {
  return new MigrateError("USAGE", "the template cannot be packed", {
    where: file,
    found: reason,
    done: "the file was not changed",
    next: hint("sandbox", { args: ["pack", "FILE"], note: "with a FILE in a folder that you may write to" }),
    cause,
  });
}

function unusable(file: string, reason: string | readonly string[], cause?: unknown): MigrateError {
  return new MigrateError("CONFIGURATION", "this is not a packed template", {
    where: file,
    found: reason,
    done: "no server was started",
    next: hint("sandbox", { args: ["pack", file], note: "writes a new one, with the same stories and options" }),
    cause,
  });
}
