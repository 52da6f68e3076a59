import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MigrateError, messageOf } from "../errors.ts";
import { ownBases } from "../own-files.ts";
import { plural } from "../plural.ts";
import type { Base, BaseFiles } from "./base.ts";

/** How the scripts of a repository lie: its own build script loads them in this order. */
interface Layout {
  readonly repository: string;
  readonly folder: string;
  readonly scripts: readonly string[];
  /** Folders of scripts, from the checkout's root, that do not belong to a database's beginning; and why. */
  readonly without: Readonly<Record<string, string>>;
}

const grants = "privileges of the facility's roles, which a test server does not have";

const layouts: readonly Layout[] = [
  {
    repository: "ispyb/ispyb-database",
    folder: "schema",
    scripts: ["1_tables.sql", "2_lookups.sql", "3_data.sql", "4_data_user_portal.sql", "5_routines.sql"],
    without: {
      "schema/updates":
        "already in the schema if SchemaStatus lists them; give any that it does not list with a further --base",
      grants,
    },
  },
  {
    repository: "DiamondLightSource/ispyb-database",
    folder: "schemas/ispyb",
    scripts: ["tables.sql", "lookups.sql", "data.sql", "routines.sql"],
    without: {
      "schemas/ispyb/updates":
        "already in the schema if SchemaStatus lists them; give any that it does not list with a further --base",
      "schemas/ispyb/stored_programs": "the sources of routines.sql",
      "schemas/ispyb/scripts": "scripts that an administrator runs by hand",
      "schemas/ispyb_analytics": "another database",
      "schemas/ispyb_legacy": "another database",
      "schemas/xchem_db": "another database",
      grants,
    },
  },
];

/** The scripts of a base. Throws BASE_INVALID if the path is none. */
export async function baseFiles(base: Base): Promise<BaseFiles> {
  if (base === "official" || base === "diamond") {
    const path = fileURLToPath(new URL(`${base}.sql`, ownBases));
    return { files: [{ path, name: `${base}.sql` }], leftOut: [] };
  }
  const place = await stat(base).catch((error: unknown) => {
    throw unreadable(
      base,
      messageOf(error),
      "give the path of a file or of a checkout; the built-in bases are official and diamond",
    );
  });
  return place.isDirectory() ? checkout(base) : { files: [{ path: base, name: base }], leftOut: [] };
}

async function checkout(folder: string): Promise<BaseFiles> {
  for (const layout of layouts) {
    const present = await namesIn(join(folder, layout.folder));
    const [first = ""] = layout.scripts;
    if (!present.includes(first)) continue;
    const missing = layout.scripts.filter((script) => !present.includes(script));
    if (missing.length > 0) {
      throw unreadable(
        folder,
        `${layout.folder} without ${missing.join(", ")}`,
        `use a whole checkout of ${layout.repository}`,
      );
    }
    const files = layout.scripts.map((script) => {
      const path = join(folder, layout.folder, script);
      return { path, name: path };
    });
    return { files, leftOut: await leftOut(folder, layout) };
  }
  throw new MigrateError("BASE_INVALID", `${folder} is not a checkout of an ispyb-database repository`, {
    where: folder,
    found: "a folder",
    wanted: layouts.map(({ repository, folder: part, scripts }) => `${repository}, with ${part}/${scripts[0] ?? ""}`),
    next: "give the folder of the checkout, or the path of a single file",
  });
}

/** One line for each folder that exists. */
async function leftOut(folder: string, { without }: Layout): Promise<string[]> {
  const lines = await Promise.all(
    Object.entries(without).map(async ([part, why]) => {
      const scripts = (await namesIn(join(folder, part))).filter((name) => name.endsWith(".sql"));
      return scripts.length === 0 ? [] : [`${part} (${plural(scripts.length, "script")}): ${why}`];
    }),
  );
  return lines.flat();
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

function unreadable(where: string, seen: string, next: string): MigrateError {
  return new MigrateError("BASE_INVALID", `${where} cannot be read as a base schema`, { where, found: seen, next });
}
