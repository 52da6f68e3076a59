import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { isSupported, oldestSupported, productName } from "../dialect/product.ts";
import { type ServerBinary, identifyBinary, productOf } from "./binary.ts";
import { startFrom } from "./program.ts";
import type { ProviderRefusal, ServerProvider } from "./provider.ts";
import { type Series, isOfSeries } from "./series.ts";

const NAME = "local binary";

/** Folders to search after PATH: sbin is only on root's PATH; the others are used by vendors' archives and Homebrew. */
const usualPlaces: readonly string[] = [
  "/usr/sbin",
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/libexec",
  "/usr/local/mysql/bin",
  "/usr/local/mariadb/bin",
  "/opt/homebrew/bin",
];

/** An installed `mariadbd` or `mysqld`, if wanted of this series only. MariaDB first: most sites run it. */
export async function findLocalBinary(
  folders: readonly string[] = placesToLook(),
  series?: Series,
): Promise<ServerBinary | ProviderRefusal> {
  const passed = new Set<string>();
  for (const program of ["mariadbd", "mysqld"]) {
    for (const folder of folders) {
      const file = join(folder, program);
      if (!(await isExecutable(file))) continue;
      const binary = await identifyBinary(file, "of this machine");
      if ("reason" in binary) {
        passed.add(binary.reason);
      } else if (!isSupported(productOf(binary))) {
        const name = productName(productOf(binary));
        passed.add(`${file} is ${name}, which is older than ${oldestSupported(binary.vendor)}`);
      } else if (series !== undefined && !isOfSeries(productOf(binary), series)) {
        passed.add(`${file} is ${productName(productOf(binary))}`);
      } else {
        return binary;
      }
    }
  }
  const none = "no mariadbd or mysqld on the PATH or in the usual places";
  return {
    provider: NAME,
    reason: passed.size === 0 ? none : `no usable mariadbd or mysqld: ${[...passed].join("; ")}`,
    remedy:
      series === undefined
        ? "install one, for example: apt-get install mariadb-server-core"
        : `put a server program of ${series.name} on the PATH`,
  };
}

/** Starts a private server from this program; a server that runs on the system is never used. */
export const localBinary: ServerProvider = {
  name: NAME,
  async start(report) {
    const binary = await findLocalBinary();
    if ("reason" in binary) return binary;
    return startFrom(NAME, binary, report);
  },
};

function placesToLook(): string[] {
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder.startsWith("/"));
  return [...new Set([...path, ...usualPlaces])];
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
