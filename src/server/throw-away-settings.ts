import type { Vendor } from "../dialect/product.ts";

/**
 * Settings of a server for temporary data: it does not wait for writes, writes nothing twice, and uses little memory,
 * because several servers run side by side.
 */
export const commonThrowAway: readonly string[] = [
  "--skip-name-resolve",
  "--skip-log-bin",
  "--performance-schema=OFF",
  "--max-connections=100",
  "--innodb-buffer-pool-size=32M",
  "--innodb-flush-log-at-trx-commit=0",
  "--innodb-doublewrite=OFF",
  "--innodb-buffer-pool-dump-at-shutdown=OFF",
  "--innodb-buffer-pool-load-at-startup=OFF",
  // The whole machine shares the kernel's limit of asynchronous requests, which is used up quickly.
  "--innodb-use-native-aio=OFF",
  "--log-output=TABLE",
];

/** Settings by vendor: the names differ. */
const byVendor: Readonly<Record<Vendor, readonly string[]>> = {
  // The buffer for MyISAM's keys is 128 MB by default, and is touched at start.
  mariadb: ["--debug-no-sync", "--innodb-log-file-size=16M", "--aria-pagecache-buffer-size=1M", "--key-buffer-size=1M"],
  // The log buffer is touched at start: 64 MB by default. The folder for files that is compiled in exists only where the package is installed.
  mysql: [
    "--mysqlx=OFF",
    "--secure-file-priv=NULL",
    "--loose-innodb-redo-log-capacity=16M",
    "--innodb-log-buffer-size=1M",
    // A thread that starts another one spins until it runs.
    "--innodb-read-io-threads=1",
    "--innodb-write-io-threads=1",
  ],
};

/** The arguments for every private server of this vendor. */
export function throwAwaySettings(vendor: Vendor): readonly string[] {
  return [...commonThrowAway, ...byVendor[vendor]];
}
