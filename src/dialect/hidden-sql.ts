/**
 * Tables that refuse an instant change of columns for a reason that only the views of InnoDB show: the column FTS_DOC_ID
 * that a dropped FULLTEXT key leaves behind, and on MySQL row versions that are used up. Both are gone after a rebuild
 * (measured).
 */
import { type Version, atLeast } from "./product.ts";

/** `files` are literals: file names of tables. */
type HiddenSql = (files: string) => string;

export const hiddenOnMariadb: HiddenSql = (files) =>
  "SELECT t.NAME AS file_name FROM information_schema.INNODB_SYS_TABLES t JOIN information_schema.INNODB_SYS_COLUMNS c " +
  `ON c.TABLE_ID = t.TABLE_ID WHERE c.NAME = 'FTS_DOC_ID' AND t.NAME IN (${files})`;

/**
 * MySQL does not show the column, but the tables that belong to it. By its manual, it counts row versions since 8.0.29, up
 * to 64; from 9.1 on up to 255.
 */
export function hiddenOnMysql(version: Version): HiddenSql {
  const most = atLeast(version, [9, 1, 0]) ? 255 : 64;
  const isUsedUp = atLeast(version, [8, 0, 29]) ? `t.TOTAL_ROW_VERSIONS >= ${most}` : "FALSE";
  const belonging =
    "CONCAT(SUBSTRING_INDEX(t.NAME, '/', 1), '/fts_', LPAD(LOWER(HEX(t.TABLE_ID)), 16, '0'), '_config')";
  const others = "SELECT other.NAME FROM information_schema.INNODB_TABLES other";
  return (files) =>
    "SELECT t.NAME AS file_name FROM information_schema.INNODB_TABLES t " +
    `WHERE t.NAME IN (${files}) AND (${isUsedUp} OR ${belonging} IN (${others}))`;
}
