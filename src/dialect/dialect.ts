/** The tool's knowledge of a server: its capabilities and its names. It does not expose vendor or version. */
import { type Capabilities, capabilities } from "./capabilities.ts";
import { type Names, names } from "./names.ts";
import { answersOf } from "./per-vendor.ts";
import { type Product, isTested, productName } from "./product.ts";

export interface Dialect {
  /** "MariaDB 10.11.19": only for messages, never compared. */
  readonly product: string;
  /** True if the test suite was run on this series. */
  readonly isTested: boolean;
  readonly can: Capabilities;
  readonly names: Names;
}

export function dialectOf(product: Product): Dialect {
  return {
    product: productName(product),
    isTested: isTested(product),
    can: answersOf(capabilities, product),
    names: answersOf(names, product),
  };
}

/** Whether two products, as a dialect names them, differ in nothing but the last part of their versions. */
export function isSameSeries(product: string, other: string): boolean {
  const series = (name: string) => name.replace(/\.\d+$/, "");
  return series(product) === series(other);
}

/** The same server with its setting of innodb_instant_alter_column_allowed, which only MariaDB has. */
export function withInstantColumns(dialect: Dialect, allowed: string | undefined): Dialect {
  const { can } = dialect;
  const isNever = allowed === "never";
  if (!isNever && allowed !== "add_last") return dialect;
  return { ...dialect, can: { ...can, dropColumn: can.rebuild, ...(isNever ? { addColumn: can.rebuild } : {}) } };
}
