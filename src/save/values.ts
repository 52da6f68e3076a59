/**
 * Values whose rows are gone: an UPDATE that finds no row changes nothing and is no error, so the file looks for the rows. A
 * client counts the rows that an UPDATE changes, not those that it finds: they are asked for by their keys.
 */
import { id } from "../sql.ts";
import { oneLine } from "./literals.ts";

/** Text of all values without a row; NULL if there are none. */
export const lostValues = "@ispyb_lost_values";

export const noneLost: string = `SET ${lostValues} = NULL;\n`;

export const valuesBegin: string = "SET @ispyb_lost = 0, @ispyb_lost_first = NULL;\n";

/** A statement that counts those of the rows with these keys that do not exist, on one line. */
export function countLost(table: string, keys: readonly string[]): string {
  const each = keys.map(
    (key) => `SELECT ${oneLine(named(key))} AS row_key FROM DUAL WHERE NOT EXISTS (${rowOf(table, key)})`,
  );
  return (
    `SELECT COUNT(*), MIN(row_key) INTO @ispyb_none, @ispyb_first FROM (${each.join(" UNION ALL ")}) AS lost; ` +
    "SET @ispyb_lost = @ispyb_lost + @ispyb_none, @ispyb_lost_first = COALESCE(@ispyb_lost_first, @ispyb_first);\n"
  );
}

/** `title`: "values of AutoProcProgram.jobUuid". */
export function valuesEnd(title: string): string {
  const what = `CONCAT(@ispyb_lost, ' of the ', ${oneLine(title)}, ' without a row, such as ', @ispyb_lost_first)`;
  const all = `IF(@ispyb_lost = 0, ${lostValues}, CONCAT_WS('; ', ${lostValues}, ${what}))`;
  // A variable that was NULL makes bytes of a text.
  return `SET ${lostValues} = CONVERT(${all} USING utf8mb4);\n`;
}

// --- internal ---

function rowOf(table: string, key: string): string {
  return `SELECT 1 FROM ${id(table)} WHERE ${key}`;
}

/** "autoProcProgramId 5" of a condition, for a person. */
function named(key: string): string {
  return key.replaceAll("`", "").replaceAll(" = ", " ").slice(0, 100);
}
