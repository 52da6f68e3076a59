/**
 * Display widths say nothing about what a column holds, MariaDB prints them and MySQL stopped to
 * (8.0.19), except for tinyint(1), which clients read as a boolean. ZEROFILL needs its width.
 */
export function canonicalType(type: string): string {
  const lower = lowerKeywords(type);
  if (lower.includes("zerofill") || lower === "tinyint(1)") return lower;
  return lower
    .replace(oldTimes, "")
    .replace(/^(tinyint|smallint|mediumint|int|bigint)\(\d+\)/, "$1")
    .replace(/^integer\b/, "int")
    .replace(/^year\(4\)$/, "year")
    .replace(/^(?:boolean|bool)$/, "tinyint(1)");
}

/** Times that a table has kept in the format of before MariaDB 10.1. */
export function hasOldTimes(type: string): boolean {
  return oldTimes.test(type);
}

/** MariaDB's remark behind such a type. */
const oldTimes = / \/\* mariadb-5\.3 \*\/$/;

/** Everything but the members of enum and set in lower case, and one space after a comma nowhere. */
function lowerKeywords(type: string): string {
  return type
    .trim()
    .split(/('(?:[^']|'')*')/)
    .map((piece) => (piece.startsWith("'") ? piece : piece.toLowerCase().replaceAll(/\s*,\s*/g, ",")))
    .join("");
}
