import type { Vendor } from "../dialect/product.ts";

/**
 * Settings of a server that holds nothing of value: no write is waited for, nothing is written twice,
 * and memory stays small because several of them run side by side.
 */
const common: readonly string[] = [
  "--skip-name-resolve",
  "--skip-log-bin",
  "--performance-schema=OFF",
  "--max-connections=100",
  "--innodb-buffer-pool-size=32M",
  "--innodb-flush-log-at-trx-commit=0",
  "--innodb-doublewrite=OFF",
  "--innodb-buffer-pool-dump-at-shutdown=OFF",
  "--innodb-buffer-pool-load-at-startup=OFF",
  // The kernel's number of asynchronous requests is shared by the whole machine and soon used up.
  "--innodb-use-native-aio=OFF",
  "--log-output=TABLE",
];

/** Vendors side by side: the same wish has other names. */
const byVendor: Readonly<Record<Vendor, readonly string[]>> = {
  mariadb: ["--debug-no-sync", "--innodb-log-file-size=16M", "--aria-pagecache-buffer-size=8M"],
  mysql: ["--mysqlx=OFF", "--loose-innodb-redo-log-capacity=16M"],
};

/** The arguments that every private server of this vendor is started with. */
export function throwAwaySettings(vendor: Vendor): readonly string[] {
  return [...common, ...byVendor[vendor]];
}
