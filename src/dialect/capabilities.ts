import type { PerVendor } from "./per-vendor.ts";
import { atLeast } from "./product.ts";

export type Algorithm = "INSTANT" | "NOCOPY" | "INPLACE" | "COPY";
export type Lock = "NONE" | "SHARED" | "EXCLUSIVE" | "DEFAULT";

/** What the server is told to do, and will refuse rather than fall back from. */
export interface Online {
  readonly algorithm: Algorithm;
  readonly lock: Lock;
}

/**
 * What a server can do, and how lightly. "Measured" means on MariaDB 10.5, 10.11, 11.8 and MySQL 9.7: the step
 * contract plays every step on each of them, and tries for every change of a column whether a lighter way is accepted.
 */
export interface Capabilities {
  /**
   * Change metadata alone: add a column, append to an enum. Both vendors, MySQL at any place in the table since
   * 8.0.29; it refuses any LOCK beside INSTANT but DEFAULT (1221, measured).
   */
  readonly instant: Online;
  /**
   * Add or drop an index or a foreign key, or rename, without rebuilding the table. Only MariaDB has a word that forbids the
   * rebuild (NOCOPY); MySQL's INPLACE makes none of these either (measured by the tablespace's id).
   */
  readonly withoutRebuild: Online;
  /** Rebuild a table while others read and write it, as between NULL and NOT NULL. Both vendors (measured). */
  readonly rebuild: Online;
  /** The same where the table has a FULLTEXT index: writers wait on either, and MySQL can only copy (measured). */
  readonly rebuildBesideFulltext: Online;
  /**
   * Write every row into a new table, for what can be done in no other way. Writers wait on both: MariaDB's online
   * copy (11.2) has no bound, and not every table allows it.
   */
  readonly copy: Online;
  /**
   * Make a column NOT NULL whose default is a function. MySQL does it in place; MariaDB copies, as it "cannot
   * convert NULL to non-constant DEFAULT" of a timestamp (1846, measured).
   */
  readonly notNullWithFunction: Online;
  /**
   * A copy of the table gives NULL timestamps the time of the statement where NULL is no longer allowed. MariaDB
   * does; MySQL refuses them, so that only MariaDB has to be told not to (measured).
   */
  readonly copyTurnsNullIntoNow: boolean;
  /** Lengthen a varchar whose length takes as many bytes in a row as before. MariaDB calls it INSTANT (measured). */
  readonly lengthenVarchar: Online;
  /**
   * Varchars of up to so many bytes are lengthened past 255 bytes without a copy, too: 127 on MariaDB, none on
   * MySQL, which copies every one of them (measured).
   */
  readonly outgrowOneLengthByteFrom: number;
  /** A CHECK may belong to a column, and MODIFY COLUMN drops it unless it is written again: MariaDB (measured). */
  readonly columnChecks: boolean;
  /**
   * A variable alter_algorithm wins over an ALGORITHM that is written, so that a session has to reset it. MariaDB
   * before 11.5; from there on it is ignored with a warning (4200, measured on 11.8). MySQL has no such variable.
   */
  readonly alterAlgorithmWins: boolean;
  /**
   * information_schema.COLUMNS.COLUMN_DEFAULT is SQL text (`'x'`, `NULL`). MariaDB; MySQL gives the bare value,
   * which needs EXTRA to be told from an expression (measured).
   */
  readonly defaultIsSqlText: boolean;
  /** A JSON column is a longtext with CHECK (json_valid(…)), and is read as one: MariaDB. MySQL has a type (measured). */
  readonly jsonIsCheckedText: boolean;
  /** information_schema.STATISTICS has EXPRESSION, for index parts that are no column: MySQL since 8.0.13. */
  readonly functionalIndexes: boolean;
  /**
   * CREATE OR REPLACE PROCEDURE puts a new text in place of the old one at once, and keeps who may call it. MariaDB;
   * MySQL refuses it (1064), so that the procedure is dropped and its grants go with it (measured).
   */
  readonly createOrReplaceProcedure: boolean;
  /** CREATE PROCEDURE IF NOT EXISTS, for a script that may be run again. MariaDB; MySQL since 8.0.29. */
  readonly createProcedureIfNotExists: boolean;
  /**
   * PREPARE takes a CREATE OR REPLACE PROCEDURE, so that a script in plain SQL can replace one under a condition.
   * MariaDB: 10.11 does and 10.5 does not (1295, measured). MySQL never does.
   */
  readonly prepareReplaceProcedure: boolean;
}

/** Vendors side by side. */
export const capabilities: PerVendor<Capabilities> = {
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
  alterAlgorithmWins: { mariadb: (version) => !atLeast(version, [11, 5, 0]), mysql: () => false },
  defaultIsSqlText: { mariadb: () => true, mysql: () => false },
  jsonIsCheckedText: { mariadb: () => true, mysql: () => false },
  functionalIndexes: { mariadb: () => false, mysql: (version) => atLeast(version, [8, 0, 13]) },
  createOrReplaceProcedure: { mariadb: () => true, mysql: () => false },
  createProcedureIfNotExists: { mariadb: () => true, mysql: (version) => atLeast(version, [8, 0, 29]) },
  prepareReplaceProcedure: { mariadb: (version) => atLeast(version, [10, 11, 0]), mysql: () => false },
};
