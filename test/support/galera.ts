/** The provider of Galera out of the distribution's package, and the lane that it fits. */
import { Unavailable } from "../../src/server/apt.ts";
import { isOwnSuite, unpackProgram } from "../../src/server/package.ts";
import { packagedSeries } from "../../src/server/series.ts";
import { everythingIsWanted } from "./lanes.ts";

const LANE = "mariadb-10.11";
const { suite } = packagedSeries[LANE];
const galera = { package: "galera-4", program: "usr/lib/galera/libgalera_smm.so", size: "about 1 MB" } as const;

export interface GaleraProvider {
  readonly lane: typeof LANE;
  /** The shared library. */
  readonly file: string;
}

/** The provider if it is in the cache or everything is wanted; otherwise the reason why there is none. */
export async function findGalera(): Promise<GaleraProvider | string> {
  const wanted = (await isOwnSuite(suite)) ? galera : { ...galera, suite };
  try {
    const { file } = await unpackProgram(wanted, () => {}, { download: everythingIsWanted() });
    return { lane: LANE, file };
  } catch (error) {
    if (error instanceof Unavailable) return error.message;
    throw error;
  }
}
