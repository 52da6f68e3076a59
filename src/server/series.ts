import type { Product, Vendor } from "../dialect/product.ts";
import type { Packaged } from "./package.ts";

/** A series of servers, by vendor and the first parts of the version: `mariadb-10.11`, `mysql-9`. */
export interface Series {
  readonly name: string;
  readonly vendor: Vendor;
  readonly parts: readonly number[];
}

const maria = { program: "usr/sbin/mariadbd", package: "mariadb-server-core" } as const;

/** The Debian suite that has a package of the series, newest series first. */
export const packagedSeries = {
  "mysql-9": { package: "mysql-server-core", program: "usr/sbin/mysqld", suite: "sid", size: "about 60 MB" },
  "mariadb-11.8": { ...maria, suite: "trixie", size: "about 25 MB" },
  "mariadb-10.11": { ...maria, suite: "bookworm", size: "about 25 MB" },
  "mariadb-10.5": { ...maria, package: "mariadb-server-core-10.5", suite: "bullseye", size: "about 22 MB" },
} as const satisfies Readonly<Record<string, Packaged & { readonly suite: string }>>;

/** The series with this name; undefined if it is no such name. */
export function parseSeries(name: string): Series | undefined {
  const match = /^(mariadb|mysql)-(\d+(?:\.\d+)?)$/.exec(name);
  if (match === null) return undefined;
  return { name, vendor: match[1] === "mysql" ? "mysql" : "mariadb", parts: (match[2] ?? "").split(".").map(Number) };
}

export function isOfSeries({ vendor, version }: Product, series: Series): boolean {
  return vendor === series.vendor && series.parts.every((part, at) => part === version[at]);
}

/** The name of a packaged series of the same vendor as an image: for `mariadb:10.5.23`, `mariadb-10.5`. */
export function seriesLike(image: string): string {
  const name = image.replace(/^.*\//, "").replace(":", "-");
  const all = Object.keys(packagedSeries);
  const vendor = all.filter((each) => each.startsWith(`${name.split("-", 1)[0]}-`));
  return vendor.find((each) => `${name}.`.startsWith(`${each}.`)) ?? vendor[0] ?? "mariadb-11.8";
}

/** The package of a series; `mariadb-10` gives the newest that there is of it. */
export function packageOf(series: Series): (typeof packagedSeries)[keyof typeof packagedSeries] | undefined {
  const entry = Object.entries(packagedSeries).find(([name]) => `${name}.`.startsWith(`${series.name}.`));
  return entry?.[1];
}
