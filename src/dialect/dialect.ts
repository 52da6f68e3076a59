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
  /** Rebuild a table while others read and write it. */
  readonly rebuild: Online;
  /** The same where the table has a FULLTEXT index. */
  readonly rebuildBesideFulltext: Online;
  /** Write every row into a new table. Writers wait: MariaDB's online copy has no bound (11.2) and not every table allows it. */
  readonly copy: Online;
  /** Make a column NOT NULL whose default is a function. MariaDB "cannot convert NULL to non-constant DEFAULT" in place. */
  readonly notNullWithFunction: Online;
  /** A copy of the table gives NULL timestamps the time of the statement where NULL is no longer allowed; others refuse them. */
  readonly copyTurnsNullIntoNow: boolean;
  /** Lengthen a varchar whose length takes as many bytes in a row as before. */
  readonly lengthenVarchar: Online;
  /** Varchars of up to so many bytes are lengthened past 255 bytes without a copy, too. */
  readonly outgrowOneLengthByteFrom: number;
  /** A CHECK may belong to a column, and MODIFY COLUMN drops it. */
  readonly columnChecks: boolean;
  /** The view of information_schema that tells the CHECKs of a table to an account with SELECT. */
  readonly checksView: string;
  /** A variable alter_algorithm wins over an ALGORITHM that is written. */
  readonly alterAlgorithmWins: boolean;
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
  rebuild: {
    mariadb: () => ({ algorithm: "INPLACE", lock: "NONE" }),
    mysql: () => ({ algorithm: "INPLACE", lock: "NONE" }),
  },
  rebuildBesideFulltext: {
    mariadb: () => ({ algorithm: "INPLACE", lock: "SHARED" }),
    mysql: () => ({ algorithm: "COPY", lock: "SHARED" }),
  },
  copy: {
    mariadb: () => ({ algorithm: "COPY", lock: "SHARED" }),
    mysql: () => ({ algorithm: "COPY", lock: "SHARED" }),
  },
  notNullWithFunction: {
    mariadb: () => ({ algorithm: "COPY", lock: "SHARED" }),
    mysql: () => ({ algorithm: "INPLACE", lock: "NONE" }),
  },
  copyTurnsNullIntoNow: { mariadb: () => true, mysql: () => false },
  lengthenVarchar: {
    mariadb: () => ({ algorithm: "INSTANT", lock: "NONE" }),
    mysql: () => ({ algorithm: "INPLACE", lock: "NONE" }),
  },
  outgrowOneLengthByteFrom: { mariadb: () => 127, mysql: () => -1 },
  columnChecks: { mariadb: () => true, mysql: () => false },
  checksView: {
    mariadb: () => "CHECK_CONSTRAINTS",
    mysql: () =>
      "TABLE_CONSTRAINTS JOIN information_schema.CHECK_CONSTRAINTS USING (CONSTRAINT_SCHEMA, CONSTRAINT_NAME)",
  },
  alterAlgorithmWins: { mariadb: (version) => !atLeast(version, [11, 5, 0]), mysql: () => false },
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
      rebuild: answers.rebuild[vendor](version),
      rebuildBesideFulltext: answers.rebuildBesideFulltext[vendor](version),
      copy: answers.copy[vendor](version),
      notNullWithFunction: answers.notNullWithFunction[vendor](version),
      copyTurnsNullIntoNow: answers.copyTurnsNullIntoNow[vendor](version),
      lengthenVarchar: answers.lengthenVarchar[vendor](version),
      outgrowOneLengthByteFrom: answers.outgrowOneLengthByteFrom[vendor](version),
      columnChecks: answers.columnChecks[vendor](version),
      checksView: answers.checksView[vendor](version),
      alterAlgorithmWins: answers.alterAlgorithmWins[vendor](version),
      defaultIsSqlText: answers.defaultIsSqlText[vendor](version),
      jsonIsCheckedText: answers.jsonIsCheckedText[vendor](version),
      functionalIndexes: answers.functionalIndexes[vendor](version),
    },
  };
}
