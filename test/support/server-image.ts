/** The container image for tests: a local one, the official one, or one that is built from Debian's packages as root. */
import { chmod, copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { containerEngine, localImage, pulled } from "../../src/server/container-engine.ts";
import { debianMirror } from "../../src/server/debian-suite.ts";
import { lastLines, run } from "../../src/server/process.ts";
import { packagedSeries } from "../../src/server/series.ts";

type Report = (line: string) => void;

/** Tags of local images that serve. */
export const SERVER_IMAGE = /^mariadb:/;

const OFFICIAL = "mariadb:11.8";
const { suite } = packagedSeries["mariadb-11.8"];

/** The image: an existing local one, the official one where a registry answers, or a new one. */
export async function ensureImage(report: Report): Promise<string> {
  const engine = await containerEngine();
  if ("reason" in engine) throw new Error(`${engine.reason}: ${engine.remedy}`);
  const local = await localImage(engine.client, SERVER_IMAGE);
  if (local !== undefined) return local;
  const image = await pulled(engine.client, OFFICIAL, report);
  if (typeof image === "string") return image;
  report(`${OFFICIAL} cannot be pulled: ${image.reason}`);
  return build(report);
}

async function build(report: Report): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "ispyb-migrate-image-"));
  try {
    report(`building an image of mariadb-server of ${suite} (a minute or two)`);
    // As an included package: in a separate install step, maintainer scripts would start a server.
    await must("debootstrap", ["--variant=minbase", "--include=mariadb-server", suite, root, await debianMirror()]);
    for (const waste of ["var/cache/apt", "var/lib/apt/lists", "var/lib/mysql", "usr/share/doc", "usr/share/man"]) {
      await rm(join(root, waste), { recursive: true, force: true });
    }
    const entry = join(root, "usr/local/bin/entry");
    await mkdir(join(root, "usr/local/bin"), { recursive: true });
    await copyFile(fileURLToPath(new URL("server-image-entry.sh", import.meta.url)), entry);
    await chmod(entry, 0o755);
    const tag = `mariadb:${await version(root)}`;
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
  const answer = await must("chroot", [root, "/usr/sbin/mariadbd", "--no-defaults", "--version"]);
  const printed = /\bVer (\d+\.\d+\.\d+)/.exec(answer)?.[1];
  if (printed === undefined) throw new Error(`the server's version cannot be read: ${answer}`);
  return printed;
}

async function must(file: string, args: readonly string[]): Promise<string> {
  const ended = await run(file, args);
  if (ended.code === 0) return ended.stdout;
  throw new Error(`${file} failed:\n  ${lastLines(ended.output).join("\n  ")}`);
}
