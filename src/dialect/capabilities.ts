import type { Online } from "../model.ts";
import type { PerVendor } from "./per-vendor.ts";
import { atLeast } from "./product.ts";
import { type Change, type TableForm, onlineOnMariadb, onlineOnMysql, rebuild, rebuildShared } from "./table-change.ts";

/**
 * What a server can do, and with which algorithm and lock. "Measured" means on MariaDB 10.5, 10.11, 11.8 and MySQL
 * 9.7: the step contract runs every kind of step but leaveBehind on each of them. For every change of a column it
 * also proves that the server refuses a lighter algorithm.
 */
export interface Capabilities {
  /**
   * Change only metadata: add a column, append to an enum. Both vendors; MySQL adds at any position since 8.0.29.
   * Together with INSTANT, MySQL accepts only LOCK=DEFAULT (error 1221, measured).
   */
  readonly instant: Online;
  /**
   * Add or drop an index or a foreign key, or rename, without a rebuild of the table. Only MariaDB has a keyword that
   * forbids the rebuild (NOCOPY). MySQL's INPLACE does not rebuild for these changes either (measured by the
   * tablespace's id).
   */
  readonly withoutRebuild: Online;
  /** Rebuild a table while other sessions read and write it, as for NOT NULL. Both vendors (measured). */
  readonly rebuild: Online;
  /** Rebuild a table while other sessions read it, and writers wait. */
  readonly rebuildShared: Online;
  /** Add a column at the end of a plain table. MySQL: instant since 8.0.12, by its manual. */
  readonly addColumn: Online;
  /** Drop a column of a plain table. MySQL: instant since 8.0.29, by its manual. */
  readonly dropColumn: Online;
  /** The same change in a table that is not plain, such as one with a FULLTEXT key: it may need more. */
  readonly online: (change: Change, base: Online, form: TableForm) => Online;
  /**
   * Copy every row to a new table, for changes that allow nothing lighter. Writers wait on both vendors: MariaDB's
   * online copy (11.2) has no time limit, and not every table allows it.
   */
  readonly copy: Online;
  /**
   * Make a timestamp NOT NULL, or a column whose default is a function. MySQL does it in place. MariaDB needs a copy: it
   * "cannot convert NULL to non-constant DEFAULT" (error 1846, measured, for every default of a timestamp).
   */
  readonly notNullTime: Online;
  /**
   * True if a copy that makes a timestamp NOT NULL replaces NULLs by the time of the statement. MariaDB does so;
   * MySQL refuses such rows (measured).
   */
  readonly copyTurnsNullIntoNow: boolean;
  /** True if a column that is INVISIBLE and NOT NULL must have a default: MariaDB (error 4108, measured). */
  readonly invisibleNeedsDefault: boolean;
  /** True for ALTER COLUMN … SET VISIBLE: MySQL. MariaDB has MODIFY alone, with the whole definition. */
  readonly setColumnVisible: boolean;
  /** Lengthen a varchar without a change of its length bytes in the row. MariaDB does it INSTANT (measured). */
  readonly lengthenVarchar: Online;
  /**
   * The longest varchar in bytes that can be lengthened past 255 bytes without a copy: 127 on MariaDB. MySQL always
   * copies (measured).
   */
  readonly outgrowOneLengthByteFrom: number;
  /**
   * Texts that can be this long in bytes are kept outside of their row, but for these bytes. MariaDB keeps a pointer in
   * the row; MySQL counts a part of the text (measured at the limit).
   */
  readonly outsideOfRow: { readonly from: number; readonly bytes: number };
  /**
   * True if the variable alter_algorithm overrides the ALGORITHM of a statement, so that a session must reset it:
   * MariaDB before 11.5. Since then it is ignored with warning 4200 (measured on 11.8). MySQL has no such variable.
   */
  readonly alterAlgorithmWins: boolean;
  /**
   * True if a transaction that began before an instant new or dropped column can no longer read the table (error 1412): MySQL
   * (measured on 9.7). MariaDB reads it as it was.
   */
  readonly instantColumnEndsSnapshots: boolean;
  /**
   * True if information_schema.COLUMNS.COLUMN_DEFAULT is SQL text (`'x'`, `NULL`): MariaDB. MySQL returns the bare
   * value, and only EXTRA distinguishes it from an expression (measured).
   */
  readonly defaultIsSqlText: boolean;
  /** True if a JSON column is a longtext with CHECK (json_valid(…)): MariaDB. MySQL has a JSON type (measured). */
  readonly jsonIsCheckedText: boolean;
  /** True if information_schema.STATISTICS has EXPRESSION, for index parts that are no column: MySQL since 8.0.13. */
  readonly functionalIndexes: boolean;
  /**
   * True if CREATE OR REPLACE PROCEDURE replaces a procedure in one statement and keeps its grants: MariaDB. MySQL
   * refuses it (error 1064), so the procedure must be dropped, which also drops its grants (measured).
   */
  readonly createOrReplaceProcedure: boolean;
  /** True for CREATE PROCEDURE IF NOT EXISTS, for a script that may be run again. MariaDB; MySQL since 8.0.29. */
  readonly createProcedureIfNotExists: boolean;
  /**
   * True if PREPARE accepts CREATE OR REPLACE PROCEDURE, so that a plain SQL script can replace one conditionally.
   * MariaDB 10.11 accepts it; 10.5 does not (error 1295, measured). MySQL never accepts it.
   */
  readonly prepareReplaceProcedure: boolean;
  /** True if information_schema.VIEWS has ALGORITHM: MariaDB. On MySQL only SHOW CREATE VIEW has it. */
  readonly showViewAlgorithm: boolean;
  /** True if SESSION_VARIABLES_ADMIN exists, which some variables of a session require. MySQL since 8.0.14. */
  readonly restrictedSessionVariables: boolean;
  /** True if a copy of a table checks the foreign keys of each row, and locks the parent's: MySQL (measured on 9.7). */
  readonly copyChecksForeignKeys: boolean;
  /**
   * True if a new foreign key keeps the users of its parent out until it is there, also that of a new table: MySQL.
   * MariaDB waits for no other session there (measured).
   */
  readonly newForeignKeyLocksParent: boolean;
  /**
   * Who waits on the tables with a foreign key to one that is altered, while one of their transactions is in the way:
   * MySQL locks their definitions, too; MariaDB only what their writers lock (measured).
   */
  readonly alterLocksChildren: "users" | "writers";
}

const instantOnMysql: Online = { algorithm: "INSTANT", lock: "DEFAULT" };

/** The answers of both vendors, side by side. */
export const capabilities: PerVendor<Capabilities> = {
  instant: {
    mariadb: () => ({ algorithm: "INSTANT", lock: "NONE" }),
    mysql: () => instantOnMysql,
  },
  withoutRebuild: {
    mariadb: () => ({ algorithm: "NOCOPY", lock: "NONE" }),
    mysql: () => ({ algorithm: "INPLACE", lock: "NONE" }),
  },
  rebuild: { mariadb: () => rebuild, mysql: () => rebuild },
  rebuildShared: { mariadb: () => rebuildShared, mysql: () => rebuildShared },
  addColumn: {
    mariadb: () => ({ algorithm: "INSTANT", lock: "NONE" }),
    mysql: (version) => (atLeast(version, [8, 0, 12]) ? instantOnMysql : rebuild),
  },
  dropColumn: {
    mariadb: () => ({ algorithm: "INSTANT", lock: "NONE" }),
    mysql: (version) => (atLeast(version, [8, 0, 29]) ? instantOnMysql : rebuild),
  },
  online: { mariadb: () => onlineOnMariadb, mysql: () => onlineOnMysql },
  copy: {
    mariadb: () => ({ algorithm: "COPY", lock: "SHARED" }),
    mysql: () => ({ algorithm: "COPY", lock: "SHARED" }),
  },
  notNullTime: {
    mariadb: () => ({ algorithm: "COPY", lock: "SHARED" }),
    mysql: () => ({ algorithm: "INPLACE", lock: "NONE" }),
  },
  copyTurnsNullIntoNow: { mariadb: () => true, mysql: () => false },
  invisibleNeedsDefault: { mariadb: () => true, mysql: () => false },
  setColumnVisible: { mariadb: () => false, mysql: () => true },
  lengthenVarchar: {
    mariadb: () => ({ algorithm: "INSTANT", lock: "NONE" }),
    mysql: () => ({ algorithm: "INPLACE", lock: "NONE" }),
  },
  outgrowOneLengthByteFrom: { mariadb: () => 127, mysql: () => -1 },
  outsideOfRow: { mariadb: () => ({ from: 256, bytes: 21 }), mysql: () => ({ from: 40, bytes: 41 }) },
  copyChecksForeignKeys: { mariadb: () => false, mysql: () => true },
  newForeignKeyLocksParent: { mariadb: () => false, mysql: () => true },
  alterLocksChildren: { mariadb: () => "writers", mysql: () => "users" },
  alterAlgorithmWins: { mariadb: (version) => !atLeast(version, [11, 5, 0]), mysql: () => false },
  instantColumnEndsSnapshots: { mariadb: () => false, mysql: () => true },
  defaultIsSqlText: { mariadb: () => true, mysql: () => false },
  jsonIsCheckedText: { mariadb: () => true, mysql: () => false },
  functionalIndexes: { mariadb: () => false, mysql: (version) => atLeast(version, [8, 0, 13]) },
  createOrReplaceProcedure: { mariadb: () => true, mysql: () => false },
  createProcedureIfNotExists: { mariadb: () => true, mysql: (version) => atLeast(version, [8, 0, 29]) },
  showViewAlgorithm: { mariadb: () => true, mysql: () => false },
  restrictedSessionVariables: { mariadb: () => false, mysql: (version) => atLeast(version, [8, 0, 14]) },
  prepareReplaceProcedure: { mariadb: (version) => atLeast(version, [10, 11, 0]), mysql: () => false },
};
