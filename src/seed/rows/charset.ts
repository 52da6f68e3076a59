/** Asks the server which characters the character set of a column has. */
import type { Db } from "../../db/db.ts";
import { id } from "../../sql.ts";

/** The characters of these texts that this character set cannot store. */
export async function missingCharacters(
  db: Db,
  charset: string,
  texts: readonly string[],
): Promise<ReadonlySet<string>> {
  const characters = new Set(texts.flatMap((text) => Array.from(text).filter((character) => character > "\u007f")));
  const missing = new Set<string>();
  for (const character of characters) {
    const [row] = await db.rows<{ kept: number }>(
      `SELECT CONVERT(CONVERT(? USING ${id(charset)}) USING utf8mb4) COLLATE utf8mb4_bin = ? COLLATE utf8mb4_bin AS kept`,
      [character, character],
    );
    if (Number(row?.kept) !== 1) missing.add(character);
  }
  return missing;
}
