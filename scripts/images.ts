/**
 * Builds the container images for tests from the distribution's packages, if no registry can be reached. Run as
 * root: `node scripts/images.ts [mysql-9 | mariadb-11.8 | mariadb-10.5 …]`.
 */
import { chmod, copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { containerEngine, localImage, pulled } from "../src/server/container-engine.ts";
import { debianMirror } from "../src/server/debian-suite.ts";
import { lastLines, run } from "../src/server/process.ts";
import { packagedSeries } from "../src/server/series.ts";

type Report = (line: string) => void;

export interface ImageRecipe {
  /** The official image of the same server, used if a registry answers. */
  readonly official: string;
  /** Tags of local images that can be used instead. */
  readonly matches: RegExp;
  /** The repository part of the tag; the server reports its version. */
  readonly repository: "mysql" | "mariadb";
  readonly suite: string;
  readonly package: string;
}

/** One recipe for each server series. */
export const recipes: Readonly<Record<string, ImageRecipe>> = {
  "mysql-9": {
    official: "mysql:9",
    matches: /^mysql:9\b/,
    repository: "mysql",
    suite: packagedSeries["mysql-9"].suite,
    package: "mysql-server-core",
  },
  "mariadb-11.8": {
    official: "mariadb:11.8",
    matches: /^mariadb:11\.8\b/,
    repository: "mariadb",
    suite: packagedSeries["mariadb-11.8"].suite,
    package: "mariadb-server",
  },
  "mariadb-10.5": {
    official: "mariadb:10.5",
    matches: /^mariadb:10\.5\b/,
    repository: "mariadb",
    suite: packagedSeries["mariadb-10.5"].suite,
    package: "mariadb-server",
  },
};

/** The image for this recipe: an existing local one, the official one, or a new one. */
export async function ensureImage(name: string, report: Report): Promise<string> {
  const recipe = recipes[name];
  if (recipe === undefined)
    throw new Error(`there is no recipe ${name}; use one of: ${Object.keys(recipes).join(", ")}`);
  const engine = await containerEngine();
  if ("reason" in engine) throw new Error(`${engine.reason}: ${engine.remedy}`);
  const local = await localImage(engine.client, recipe.matches);
  if (local !== undefined) return local;
  const image = await pulled(engine.client, recipe.official, report);
  if (typeof image === "string") return image;
  report(`${recipe.official} cannot be pulled: ${image.reason}`);
  return build(recipe, report);
}

async function build(recipe: ImageRecipe, report: Report): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "ispyb-migrate-image-"));
  try {
    report(`building ${recipe.repository} from ${recipe.package} of ${recipe.suite} (a minute or two)`);
    // As an included package: in a separate install step, maintainer scripts would start a server.
    await must("debootstrap", [
      "--variant=minbase",
      `--include=${recipe.package}`,
      recipe.suite,
      root,
      await debianMirror(),
    ]);
    await mkdir(join(root, "var/lib/mysql-files"), { recursive: true });
    for (const waste of ["var/cache/apt", "var/lib/apt/lists", "var/lib/mysql", "usr/share/doc", "usr/share/man"]) {
      await rm(join(root, waste), { recursive: true, force: true });
    }
    const entry = join(root, "usr/local/bin/entry");
    await copyFile(fileURLToPath(new URL("image-entry.sh", import.meta.url)), entry);
    await chmod(entry, 0o755);
    const tag = `${recipe.repository}:${await version(root)}`;
    report(`importing ${tag}`);
    const changes = ['ENTRYPOINT ["/usr/local/bin/entry"]', "EXPOSE 3306", "VOLUME /var/lib/mysql"];
    const importing = ["docker", "import", ...changes.flatMap((change) => ["--change", change]), "-", tag];
    await must("sh", ["-c", 'root=$1; shift; tar -C "$root" -c . | "$@"', "sh", root, ...importing]);
    return tag;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** The version that the program reports: the content of a suite changes. */
async function version(root: string): Promise<string> {
  const script = 'PATH=/usr/sbin:/usr/bin; "$(command -v mariadbd || command -v mysqld)" --no-defaults --version';
  const answer = await must("chroot", [root, "sh", "-c", script]);
  const printed = /\bVer (\d+\.\d+\.\d+)/.exec(answer)?.[1];
  if (printed === undefined) throw new Error(`the server's version cannot be read: ${answer}`);
  return printed;
}

async function must(file: string, args: readonly string[]): Promise<string> {
  const ended = await run(file, args);
  if (ended.code === 0) return ended.stdout;
  throw new Error(`${file} failed:\n  ${lastLines(ended.output).join("\n  ")}`);
}

if (import.meta.main) {
  const wanted = process.argv.slice(2);
  for (const name of wanted.length > 0 ? wanted : ["mysql-9"]) {
    process.stdout.write(`${await ensureImage(name, (line) => process.stderr.write(`${line}\n`))}\n`);
  }
}
