/**
 * Rows that would refer to rows that do not exist. A file is restored without foreign_key_checks, so it counts them itself, by
 * the foreign keys that the tables have when it runs.
 */
import { runEither, runIf } from "../script-forms.ts";
import { toolName } from "../version.ts";
import { oneLine } from "./literals.ts";
import { lostValues } from "./values.ts";

/** Set to 1 before the file, to restore such rows all the same. */
export const allowOrphans = "@ispyb_allow_orphans";

/** Remembers how many there are of each foreign key before anything is restored. */
export function countBefore(tables: readonly string[]): string {
  const counts = "CONCAT(',', GROUP_CONCAT(CONCAT(fk, '=', n)), ',')";
  return counted(tables, `SELECT ${counts} INTO ${before} FROM (`, ") AS orphans");
}

/** Names those that came with the file, and values without a row, and stops the client at them; COMMIT follows, or nothing is restored. */
export function stopAtOrphans(tables: readonly string[]): string {
  const earlier = `SUBSTRING_INDEX(SUBSTRING_INDEX(${before}, CONCAT(',', fk, '='), -1), ',', 1)`;
  const list = "GROUP_CONCAT(CONCAT(n, IF(n = 1, ' row', ' rows'), what) SEPARATOR '; ')";
  const isAllowed = `COALESCE(${allowOrphans}, 0) = 1`;
  const refused = (lost: string) => `${lost} IS NOT NULL AND NOT ${isAllowed}`;
  const stop = (lost: string) => oneLine(`SELECT 1 FROM \`${toolName} stops: ${lost}; nothing was restored\``);
  return [
    counted(
      tables,
      `SELECT ${list} INTO @ispyb_orphans FROM (SELECT n - CAST(${earlier} AS SIGNED) AS n, what FROM (`,
      ") AS orphans) AS new_orphans WHERE n > 0",
    ),
    runIf("@ispyb_orphans IS NOT NULL", oneLine("SELECT @ispyb_orphans AS `rows without a parent`")),
    runIf(`${lostValues} IS NOT NULL`, oneLine(`SELECT ${lostValues} AS \`values without a row\``)),
    runIf(refused("@ispyb_orphans"), stop("rows without a parent")),
    runIf(refused(lostValues), stop("values without a row")),
    // A client that goes on after an error reaches this line, too.
    runEither(refused(`COALESCE(@ispyb_orphans, ${lostValues})`), "'DO 0'", "'COMMIT'"),
    "ROLLBACK;\n",
  ].join("\n");
}

// --- internal ---

const before = "@ispyb_orphans_before";

/** Runs this SELECT over the counts of all foreign keys of these tables. */
function counted(tables: readonly string[], head: string, tail: string): string {
  const none = "SELECT 0 AS n, '' AS fk, '' AS what";
  return [
    `SET @ispyb_sql = CONCAT(${oneLine(head)}, COALESCE((${queries(tables)}), ${oneLine(none)}), ${oneLine(tail)});`,
    "PREPARE ispyb_statement FROM @ispyb_sql; EXECUTE ispyb_statement; DEALLOCATE PREPARE ispyb_statement;\n",
  ].join("\n");
}

/** SQL for the text of one SELECT for each foreign key of these tables: the rows without a parent, and their name. */
function queries(tables: readonly string[]): string {
  const [child, parent] = [name("COLUMN_NAME"), name("REFERENCED_COLUMN_NAME")];
  const all = (text: string) => `GROUP_CONCAT(${text} SEPARATOR ' AND ')`;
  const what =
    "CONCAT(' of ', TABLE_NAME, ' without a row of ', REFERENCED_TABLE_NAME, ', such as ', MIN(COLUMN_NAME), ' ')";
  const query = [
    "'SELECT COUNT(*) AS n, CONCAT('",
    `QUOTE(${what})`,
    "', MIN(child.'",
    `MIN(${child})`,
    "')) AS what, '",
    "QUOTE(CONCAT(TABLE_NAME, '.', CONSTRAINT_NAME))",
    "' AS fk FROM '",
    name("TABLE_NAME"),
    "' AS child LEFT JOIN '",
    name("REFERENCED_TABLE_SCHEMA"),
    "'.'",
    name("REFERENCED_TABLE_NAME"),
    "' AS parent ON '",
    all(`CONCAT('parent.', ${parent}, ' = child.', ${child})`),
    "' WHERE parent.'",
    `MIN(${parent})`,
    "' IS NULL AND '",
    all(`CONCAT('child.', ${child}, ' IS NOT NULL')`),
  ].join(", ");
  return (
    `SELECT GROUP_CONCAT(query SEPARATOR ' UNION ALL ') FROM (SELECT CONCAT(${query}) AS query ` +
    "FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IS NOT NULL " +
    `AND TABLE_NAME IN (${tables.map(oneLine).join(", ")}) ` +
    "GROUP BY TABLE_NAME, CONSTRAINT_NAME, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME) AS each_key"
  );
}

/** SQL for a name between backticks. */
function name(column: string): string {
  return `CONCAT('\`', REPLACE(${column}, '\`', '\`\`'), '\`')`;
}
