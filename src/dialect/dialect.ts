/** What the tool knows of a server: what it can do, and what it calls things. Neither vendor nor version is told. */
import { type Capabilities, capabilities } from "./capabilities.ts";
import { type Names, names } from "./names.ts";
import { answersOf } from "./per-vendor.ts";
import { type Product, isTested, productName } from "./product.ts";

export interface Dialect {
  /** "MariaDB 10.11.19": for a person, never compared. */
  readonly product: string;
  /** The test suite has been run on this series. */
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
