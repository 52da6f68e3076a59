/** What differs between a test database and its content, asked of the server anew: nothing here trusts a baseline. */
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { id } from "../sql.ts";
import { type Content, readStoredContent } from "./content.ts";
import { type Definition, readDefinitions } from "./definitions.ts";
import { withSession } from "./session.ts";
import { SCHEMA } from "./tables.ts";

export interface Difference {
  /** `table`, `view`, `procedure`, …, `rows` or `AUTO_INCREMENT`. */
  readonly kind: string;
  readonly name: string;
  readonly what: "missing" | "new" | "different";
}

/**
 * Every difference; an empty list is the proof that the database equals its state at creation. The procedure `check`
 * tells most of them; what no view of information_schema tells is compared here, by the text of SHOW CREATE.
 */
export async function checkDatabase(db: Db, name: string): Promise<Difference[]> {
  const content = await contentOf(db, name);
  return await withSession(db, async () => {
    await db.run(`CALL ${SCHEMA}.check(?)`, [name]);
    const told = await db.rows<Difference>(
      `SELECT kind, name, what FROM ${SCHEMA}.difference WHERE db = ? ORDER BY kind, name`,
      [name],
    );
    const current = db.database;
    await db.run(`USE ${id(name)}`);
    try {
      const byText = compareDefinitions(content.definitions, await readDefinitions(db, name));
      const known = new Set(told.map(keyOf));
      return [...told, ...byText.filter((each) => !known.has(keyOf(each)))];
    } finally {
      await db.run(`USE ${id(current)}`);
    }
  });
}

/** The content of a registered database. Throws UNKNOWN_DATABASE for any other. */
export async function contentOf(db: Db, name: string): Promise<Content> {
  const [row] = await db.rows<{ content: string }>(`SELECT content FROM ${SCHEMA}.registered WHERE name = ?`, [name]);
  const content = row === undefined ? undefined : await readStoredContent(db, row.content);
  if (content !== undefined) return content;
  const names = await db.rows<{ name: string }>(`SELECT name FROM ${SCHEMA}.registered ORDER BY name`);
  throw new MigrateError("UNKNOWN_DATABASE", `no test database is called ${name}`, {
    where: name,
    found: names.length === 0 ? "no test databases on this server" : names.map((each) => each.name),
    done: "nothing was changed",
  });
}

// --- internal ---

const keyOf = ({ kind, name }: Pick<Difference, "kind" | "name">) => `${kind} ${name}`;

/**
 * The text that is compared. A collation names its character set: some servers show both for a column whose table was
 * made from SHOW CREATE, and the collation alone before. AUTO_INCREMENT is a difference of its own.
 */
function textOf({ kind, sql, under }: Definition): string {
  const text = sql.replaceAll(/ CHARACTER SET \w+(?= COLLATE )/g, "");
  return JSON.stringify([kind === "table" ? text.replace(/(\n\) ENGINE=\w+) AUTO_INCREMENT=\d+/, "$1") : text, under]);
}

function compareDefinitions(wanted: readonly Definition[], live: readonly Definition[]): Difference[] {
  const texts = new Map(live.map((each) => [keyOf(each), textOf(each)]));
  const differences: Difference[] = [];
  for (const each of wanted) {
    const text = texts.get(keyOf(each));
    if (text === undefined) differences.push({ kind: each.kind, name: each.name, what: "missing" });
    else if (text !== textOf(each)) differences.push({ kind: each.kind, name: each.name, what: "different" });
  }
  const known = new Set(wanted.map(keyOf));
  for (const each of live) {
    if (!known.has(keyOf(each))) differences.push({ kind: each.kind, name: each.name, what: "new" });
  }
  return differences;
}
