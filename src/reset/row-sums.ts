/** SQL that compares the rows of a table with their pristine copy, whatever their order. */
import { id } from "../sql.ts";
import type { PristineTable } from "./content.ts";

/** Sets @ispyb_sandbox_same. `copy` is the table of the content; a table without a copy has no rows. */
export function compareRowsSql({ approximate, columns, isEmpty }: PristineTable, place: string, copy: string): string {
  if (isEmpty) return `SELECT COUNT(*) = 0 INTO @ispyb_sandbox_same FROM ${place}`;
  const values = columns.map((column) => {
    // As text a FLOAT loses digits, and a DOUBLE does not.
    const value = approximate.includes(column) ? `${id(column)} + 0e0` : id(column);
    return `IFNULL(HEX(CONCAT(${value})), '-')`;
  });
  const row = `CONCAT_WS(',', ${values.join(", ")})`;
  const sums = (from: string) =>
    `(SELECT CONCAT_WS(' ', COUNT(*), SUM(CRC32(${row})), BIT_XOR(CAST(CONV(LEFT(SHA2(${row}, 256), 16), 16, 10) AS UNSIGNED))) FROM ${from})`;
  return `SELECT ${sums(place)} = ${sums(copy)} INTO @ispyb_sandbox_same`;
}
