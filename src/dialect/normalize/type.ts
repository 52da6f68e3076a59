/**
 * The type without display width. The width does not limit the values; MariaDB prints it, MySQL does not since
 * 8.0.19. It stays for tinyint(1), which clients read as a boolean, and for ZEROFILL, which pads to it.
 */
export function canonicalType(type: string): string {
  const lower = lowerKeywords(type);
  if (lower.includes("zerofill") || lower === "tinyint(1)") return lower;
  return lower
    .replace(oldTimes, "")
    .replace(compressed, "")
    .replace(/^(tinyint|smallint|mediumint|int|bigint)\(\d+\)/, "$1")
    .replace(/^integer\b/, "int")
    .replace(/^year\(4\)$/, "year")
    .replace(/^(?:boolean|bool)$/, "tinyint(1)");
}

/** True for a column whose values MariaDB compresses. */
export function isCompressed(type: string): boolean {
  return compressed.test(type);
}

/** True for times in the format before MariaDB 10.1. */
export function hasOldTimes(type: string): boolean {
  return oldTimes.test(type);
}

/** MariaDB's comments after such types; 10.5 writes the second without the M (measured). */
const oldTimes = / \/\* mariadb-5\.3 \*\/$/;
const compressed = / \/\*m?!\d+ compressed\*\/$/i;

/** The type in lower case without spaces around commas; members of enum and set stay as they are. */
function lowerKeywords(type: string): string {
  return type
    .trim()
    .split(/('(?:[^']|'')*')/)
    .map((piece) => (piece.startsWith("'") ? piece : piece.toLowerCase().replaceAll(/\s*,\s*/g, ",")))
    .join("");
}
