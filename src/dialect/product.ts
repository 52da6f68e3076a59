export type Vendor = "mariadb" | "mysql";

export type Version = readonly [major: number, minor: number, patch: number];

export interface Product {
  readonly vendor: Vendor;
  readonly version: Version;
}

const oldest: Record<Vendor, Version> = { mariadb: [10, 5, 0], mysql: [8, 0, 0] };

/** Series on which the whole test suite was run. */
const tested: Record<Vendor, readonly string[]> = { mariadb: ["10.5", "10.11", "11.8"], mysql: ["9.7"] };

export function atLeast(version: Version, wanted: Version): boolean {
  for (const [at, part] of wanted.entries()) {
    const own = version[at] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}

/** "MariaDB 10.11.19" */
export function productName(product: Product): string {
  return `${product.vendor === "mariadb" ? "MariaDB" : "MySQL"} ${product.version.join(".")}`;
}

export function isSupported(product: Product): boolean {
  return atLeast(product.version, oldest[product.vendor]);
}

export function oldestSupported(vendor: Vendor): string {
  return productName({ vendor, version: oldest[vendor] }).replace(/\.0$/, "");
}

/** False for a supported series on which the suite was not run; the user is told. */
export function isTested(product: Product): boolean {
  return tested[product.vendor].includes(product.version.slice(0, 2).join("."));
}
