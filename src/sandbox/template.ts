/** Templates: data directories with the content of a recipe, which every sandbox is a copy of. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ServerBinary } from "../server/binary.ts";
import { throwCacheFault } from "../server/cache-root.ts";
import { cached } from "../server/cache.ts";
import { contentOfServer } from "../server/sandbox-settings.ts";
import { markUsed, pruneTemplates } from "./prune.ts";
import { type Recipe, fingerprint } from "./recipe.ts";

export interface Template {
  readonly folder: string;
  /** The data directory in it. */
  readonly data: string;
}

/** The file of a template that tells which one it is: `{ "key": "…" }` */
export const DESCRIPTION = "template.json";

type Report = (line: string) => void;

/** The template of this recipe for this program, from the cache or built now. Throws what its content throws. */
export async function templateOf(binary: ServerBinary, recipe: Recipe, report: Report): Promise<Template> {
  const key = await templateKey(binary, recipe);
  const folder = await cached(join(TEMPLATES, key), async (beside) => {
    await pruneTemplates(dirname(beside), report);
    await build(binary, recipe, key, beside, report);
  }).catch(throwCacheFault);
  await markUsed(folder);
  return placed(folder);
}

/** Hash of all that the template depends on. */
export function templateKey(binary: ServerBinary, recipe: Recipe): Promise<string> {
  return fingerprint(recipe, contentOfServer(binary));
}

function placed(folder: string): Template {
  return { folder, data: join(folder, DATA) };
}

/** Their folder in the cache. */
export const TEMPLATES = "template";

// --- internal ---

const DATA = "data";

async function build(binary: ServerBinary, recipe: Recipe, key: string, folder: string, report: Report): Promise<void> {
  report(`preparing a template for ${binary.description} (only once)`);
  await mkdir(folder, { recursive: true });
  // Loaded only now: a start from an existing template would pay for all of `up` and `seed`.
  const { fillTemplate } = await import("./fill-template.ts");
  await fillTemplate(binary, recipe, placed(folder).data, report);
  await writeFile(join(folder, DESCRIPTION), JSON.stringify({ key, server: binary.description }));
}
