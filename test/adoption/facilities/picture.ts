/** The database as the raw driver tells it: all definitions, and all rows. */
import { createHash } from "node:crypto";
import { pictureOf } from "../../reset/picture.ts";
import type { TestDatabase } from "../../support/servers.ts";

/**
 * The picture that the tests of reset compare, with rows as they are read: CHECKSUM TABLE of a stored column that was
 * computed anew is another number each time (measured, MariaDB 10.11).
 */
export async function picture(db: TestDatabase): Promise<Record<string, string>> {
  const shown = await pictureOf(db, db.database);
  for (const [key, text] of Object.entries(shown)) {
    if (key.startsWith("TABLE ")) shown[key] = inOrder(text);
    const table = /^rows of (.*)$/s.exec(key)?.[1];
    if (table === undefined) continue;
    const rows = (await db.query(`SELECT * FROM \`${table}\``)).map((row) => JSON.stringify(row)).toSorted();
    shown[key] = `${rows.length} rows, ${createHash("sha256").update(rows.join("\n")).digest("hex")}`;
  }
  return shown;
}

/**
 * Constraints by name. MySQL prints a literal of a CHECK with its character set, and with that of the column once it has
 * read the table again. Once a column was changed it prints its collation, too, where that is the one of its character set;
 * no statement about the column takes this back (measured, MySQL 9.7).
 */
function inOrder(text: string): string {
  const shown = JSON.parse(text) as Record<string, string>;
  const lines = (shown["Create Table"] ?? "").split("\n").map((line) => line.replace(/,$/, ""));
  const constraints = lines
    .filter((line) => isConstraint(line))
    .map((line) => line.replaceAll(/_(?:utf8mb4|latin1)(?=')/g, ""));
  const others = lines
    .filter((line) => !isConstraint(line))
    .map((line) => line.replace(" CHARACTER SET latin1 COLLATE latin1_swedish_ci", " CHARACTER SET latin1"));
  const end = others.findIndex((line) => line.startsWith(")"));
  return [...others.slice(0, end), ...constraints.toSorted(), ...others.slice(end)].join("\n");
}

function isConstraint(line: string): boolean {
  return line.startsWith("  CONSTRAINT ");
}
