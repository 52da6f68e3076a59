/**
 * A folder of a facility's migrations. What is in it runs with the rights of the account of the database, and its .ts and
 * .js files with those of the person: so only that person, or root, may be able to write there.
 */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { MigrateError, messageOf } from "../errors.ts";
import { hint } from "../hint.ts";
import { shellWord } from "../shell-word.ts";
import type { Source } from "./sources.ts";
import { ownUser } from "./surroundings.ts";

/** A file that holds a migration. */
export interface MigrationFile {
  /** Its name without the extension. */
  readonly name: string;
  readonly extension: "ts" | "js" | "mjs" | "sql";
  readonly path: string;
  /** Beside a .sql file: the file that says how to go back. */
  readonly back?: string;
}

/** The migrations of this folder, in the order of their names. Throws CONFIGURATION. */
export async function readFolder(source: Source): Promise<MigrationFile[]> {
  const { folder } = source;
  const everything = await entriesOf(source);
  await assertOnlyOurs(folder, everything);
  const all = everything.filter((path) => !path.includes("/") && code.test(path) && !path.endsWith(".d.ts"));
  const backs = new Set(all.filter((file) => file.endsWith(BACK)));
  const files = all.filter((file) => !backs.has(file)).toSorted();
  const lone = [...backs].find((file) => !files.includes(file.replace(BACK, ".sql")));
  if (lone !== undefined)
    throw rejected(join(folder, lone), "no .sql of the same name is beside it", ["rename or remove it"]);
  if (files.length === 0) {
    throw new MigrateError("CONFIGURATION", `${folder} has no migrations`, {
      where: `--migrations ${source.name}=${folder}`,
      wanted: "files YYYY_MM_DD_what_it_does.ts, .js, .mjs or .sql",
      done: "nothing was changed",
      next: hint("create", { args: ["what_it_does"], options: { in: folder } }),
    });
  }
  const migrations = files.map((file) => migrationFile(folder, file, backs));
  const twice = migrations.find(({ name }, at) => migrations.findIndex((other) => other.name === name) !== at);
  if (twice !== undefined) {
    const both = files.filter((file) => file.startsWith(`${twice.name}.`));
    throw rejected(
      twice.path,
      `the same name as ${both.filter((file) => !twice.path.endsWith(`/${file}`)).join(", ")}`,
      [`remove or rename one of ${both.join(" and ")}`],
    );
  }
  return migrations;
}

// --- internal ---

/** Files that could be meant as migrations. */
const code = /\.(?:[cm]?[jt]s|sql)$/;
const named = /^(?<name>\d{4}_\d{2}_\d{2}_[a-z0-9_]+)\.(?<extension>ts|js|mjs|sql)$/;
/** How the name of a file ends that says how to go back. */
const BACK = ".down.sql";
/** The longest name with its source that fits into SchemaStatus. */
const LONGEST = 69;

async function entriesOf({ name, folder }: Source): Promise<string[]> {
  try {
    return await readdir(folder, { recursive: true });
  } catch (cause) {
    throw new MigrateError("CONFIGURATION", `the folder of --migrations ${name} cannot be read`, {
      where: folder,
      found: messageOf(cause),
      done: "nothing was changed",
      next: [`ls -ld ${shellWord(folder)}`, "correct the folder in --migrations, or in the environment or option file"],
      cause,
    });
  }
}

/** The folder, its files and its subfolders; symbolic links count as what they lead to. */
async function assertOnlyOurs(folder: string, entries: readonly string[]): Promise<void> {
  const self = ownUser();
  if (self === undefined) return;
  for (const path of [folder, ...entries.map((entry) => join(folder, entry))]) {
    const { mode, uid } = await stat(path).catch((cause: unknown) => {
      throw rejected(path, messageOf(cause), ["remove it, or make it readable"]);
    });
    if (uid !== 0 && uid !== self) {
      throw rejected(path, `it belongs to user ${uid}, who could change what runs here`, [
        `sudo chown -R ${self} ${shellWord(folder)}   # or root`,
      ]);
    }
    if ((mode & 0o022) !== 0) {
      const who = (mode & 0o002) === 0 ? "its group" : "every user";
      throw rejected(path, `${who} may write it, and so change what runs here`, [`chmod -R go-w ${shellWord(folder)}`]);
    }
  }
}

function migrationFile(folder: string, file: string, backs: ReadonlySet<string>): MigrationFile {
  const { name, extension } = named.exec(file)?.groups ?? {};
  const path = join(folder, file);
  if (name === undefined) {
    throw rejected(path, "its name is not YYYY_MM_DD_what_it_does.ts, .js, .mjs or .sql", [
      "rename it (lower-case letters, digits, underscores), or move it to a subfolder",
    ]);
  }
  if (name.length > LONGEST)
    throw rejected(path, `its name is longer than ${LONGEST} characters`, ["give it a shorter name"]);
  const one = { name, extension: extension as MigrationFile["extension"], path };
  const back = `${name}${BACK}`;
  return extension === "sql" && backs.has(back) ? { ...one, back: join(folder, back) } : one;
}

function rejected(where: string, problem: string, next: readonly string[]): MigrateError {
  return new MigrateError("CONFIGURATION", `${where} cannot be used`, {
    where,
    found: problem,
    done: "nothing was changed",
    next,
  });
}
