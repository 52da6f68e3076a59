/** Templates: data directories with the content of a recipe, which every sandbox is a copy of. */
import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { connect } from "../db/connect.ts";
import { takePristine } from "../reset/content.ts";
import { installReset } from "../reset/install.ts";
import type { ServerBinary } from "../server/binary.ts";
import { cached } from "../server/cache.ts";
import { digHoles, emptyDataDirectory } from "../server/data-directory.ts";
import { startPrivateServer } from "../server/private-server.ts";
import { contentOfServer, sandboxSettings } from "../server/sandbox-settings.ts";
import { fillDatabase } from "./content.ts";
import { markUsed, pruneTemplates } from "./prune.ts";
import { type Recipe, fingerprint } from "./recipe.ts";
import { createDatabase } from "./worker-databases.ts";

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
  });
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

/** Where the content is made; every database of a sandbox is a clone of it. */
const SOURCE = "ispyb";

async function build(binary: ServerBinary, recipe: Recipe, key: string, folder: string, report: Report): Promise<void> {
  report(`preparing a template for ${binary.description} (only once)`);
  const { data } = placed(folder);
  await mkdir(folder, { recursive: true });
  await cp(await emptyDataDirectory(binary), data, { recursive: true });
  {
    const args = sandboxSettings(binary);
    await using server = await startPrivateServer(binary, { directory: data, args });
    const { host, port, user, password } = server;
    const root = { host, port, user, password, tls: { mode: "disabled" } } as const;
    await using db = await connect({ ...root, database: "information_schema" });
    // The charset of the official schema's own script.
    await db.run(`CREATE DATABASE ${SOURCE} CHARACTER SET latin1`);
    await fillDatabase((role) => connect({ ...root, database: SOURCE }, role), recipe, report);
    await installReset(db);
    const content = await takePristine(db, SOURCE);
    await db.run(`DROP DATABASE ${SOURCE}`);
    await createDatabase(db, content, 1);
  }
  await digHoles(data);
  await writeFile(join(folder, DESCRIPTION), JSON.stringify({ key, server: binary.description }));
}
