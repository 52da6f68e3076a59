import type { Vendor } from "../model.ts";
import { type Product, type Version, atLeast } from "./version.ts";

export type Algorithm = "INSTANT" | "NOCOPY" | "INPLACE" | "COPY";
export type Lock = "NONE" | "SHARED" | "EXCLUSIVE" | "DEFAULT";

/** What the server is told to do, and will refuse rather than fall back from. */
export interface Online {
  readonly algorithm: Algorithm;
  readonly lock: Lock;
}

/** Every question whose answer differs by vendor or version. Nobody else asks for a vendor. */
export interface Capabilities {
  /** Change metadata alone. MySQL refuses any LOCK beside INSTANT but DEFAULT (1221). */
  readonly instant: Online;
  /** Change a table without rebuilding it: only MariaDB has a word that forbids the rebuild. */
  readonly withoutRebuild: Online;
  /** ADD COLUMN on a compressed table is not instant anywhere. */
  readonly addColumnToCompressed: Online;
  /** ADD COLUMN on a table that has a FULLTEXT index is not instant anywhere. */
  readonly addColumnBesideFulltext: Online;
  /** information_schema.COLUMNS.COLUMN_DEFAULT is SQL text (`'x'`, `NULL`), not the bare value. */
  readonly defaultIsSqlText: boolean;
  /** A JSON column is a longtext with CHECK (json_valid(…)). */
  readonly jsonIsCheckedText: boolean;
  /** information_schema.STATISTICS has EXPRESSION, for index parts that are no column. */
  readonly functionalIndexes: boolean;
}

export interface Dialect extends Product {
  readonly can: Capabilities;
}

type PerVendor = {
  readonly [K in keyof Capabilities]: Readonly<Record<Vendor, (version: Version) => Capabilities[K]>>;
};

/** Vendors side by side, proven by the step contract on every server of the suite. */
const answers: PerVendor = {
  instant: {
    mariadb: () => ({ algorithm: "INSTANT", lock: "NONE" }),
    mysql: () => ({ algorithm: "INSTANT", lock: "DEFAULT" }),
  },
  withoutRebuild: {
    mariadb: () => ({ algorithm: "NOCOPY", lock: "NONE" }),
    mysql: () => ({ algorithm: "INPLACE", lock: "NONE" }),
  },
  addColumnToCompressed: {
    mariadb: () => ({ algorithm: "INPLACE", lock: "NONE" }),
    mysql: () => ({ algorithm: "INPLACE", lock: "NONE" }),
  },
  addColumnBesideFulltext: {
    mariadb: () => ({ algorithm: "INPLACE", lock: "SHARED" }),
    mysql: () => ({ algorithm: "COPY", lock: "SHARED" }),
  },
  defaultIsSqlText: { mariadb: () => true, mysql: () => false },
  jsonIsCheckedText: { mariadb: () => true, mysql: () => false },
  functionalIndexes: { mariadb: () => false, mysql: (version) => atLeast(version, [8, 0, 13]) },
};

export function dialectOf(product: Product): Dialect {
  const { vendor, version } = product;
  return {
    ...product,
    can: {
      instant: answers.instant[vendor](version),
      withoutRebuild: answers.withoutRebuild[vendor](version),
      addColumnToCompressed: answers.addColumnToCompressed[vendor](version),
      addColumnBesideFulltext: answers.addColumnBesideFulltext[vendor](version),
      defaultIsSqlText: answers.defaultIsSqlText[vendor](version),
      jsonIsCheckedText: answers.jsonIsCheckedText[vendor](version),
      functionalIndexes: answers.functionalIndexes[vendor](version),
    },
  };
}
