import type { Vendor } from "../dialect/product.ts";
import type { ServerBinary } from "./binary.ts";
import { commonThrowAway, throwAwaySettings } from "./throw-away-settings.ts";

/**
 * Server settings by which a reset knows what was touched, on top of those for temporary data. A recalculation of
 * statistics would zero the counters of changes, and so would a table that leaves the server's cache of tables.
 */
const common: readonly string[] = [
  // Up to 256 databases for workers, each with a pool of connections.
  "--max-connections=2000",
  "--innodb-stats-auto-recalc=OFF",
  "--table-definition-cache=20000",
  "--table-open-cache=4000",
  // A small shared tablespace: it would grow by 64 MB at once, and every start copies it.
  "--innodb-autoextend-increment=1",
];

const byVendor: Readonly<Record<Vendor, readonly string[]>> = {
  mariadb: [],
  mysql: ["--information-schema-stats-expiry=0"],
};

/** More arguments for a server of test databases. */
export function sandboxSettings({ vendor }: ServerBinary): readonly string[] {
  return [...common, ...byVendor[vendor]];
}

/** The same for a container, whose image does not tell the vendor: a server passes over what begins with `loose`. */
export const sandboxSettingsOfImage: readonly string[] = [
  ...commonThrowAway,
  ...common,
  ...Object.values(byVendor).flatMap((settings) => settings.map((setting) => setting.replace(/^--/, "--loose-"))),
];

/** Everything about the server that the files of a data directory depend on. */
export function contentOfServer(binary: ServerBinary): readonly string[] {
  const { vendor, version } = binary;
  return [vendor, version, ...throwAwaySettings(vendor), ...sandboxSettings(binary)];
}
