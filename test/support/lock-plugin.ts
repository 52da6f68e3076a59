/** Servers that show which session holds a lock: MariaDB with its plugin, MySQL with performance_schema. */
import { dirname } from "node:path";
import { Unavailable } from "../../src/server/apt.ts";
import { isOwnSuite, unpackProgram } from "../../src/server/package.ts";
import { packagedSeries } from "../../src/server/series.ts";
import { type Lane, everythingIsWanted } from "./lanes.ts";

const FILE = "usr/lib/mysql/plugin/metadata_lock_info.so";
const PLUGIN_LANE = "mariadb-10.11";

/** Arguments for the server; or the reason why this lane has no such server. */
export async function showingLocks({ name, vendor }: Lane): Promise<readonly string[] | string> {
  if (vendor === "mysql") return ["--performance-schema=ON"];
  if (name !== PLUGIN_LANE) return `the plugin is fetched for ${PLUGIN_LANE} only`;
  const { suite } = packagedSeries[PLUGIN_LANE];
  const plugin = { package: "mariadb-server", program: FILE, size: "about 4 MB" };
  try {
    const wanted = (await isOwnSuite(suite)) ? plugin : { ...plugin, suite };
    const { file } = await unpackProgram(wanted, () => {}, { download: everythingIsWanted() });
    return [
      `--plugin-dir=${dirname(file)}`,
      "--plugin-load-add=metadata_lock_info=metadata_lock_info.so",
      "--plugin-maturity=unknown",
    ];
  } catch (error) {
    if (error instanceof Unavailable) return error.message;
    throw error;
  }
}
