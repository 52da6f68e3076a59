/** What differs between a test database and its content, asked of the server anew: nothing here trusts a baseline. */
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { id } from "../sql.ts";
import { type Content, readStoredContent } from "./content.ts";
import { type Definition, readDefinitions } from "./definitions.ts";
import { withSession } from "./session.ts";
import { SCHEMA } from "./tables.ts";

export interface Difference {
  /** `table`, `view`, `procedure`, … or `rows`. */
  readonly kind: string;
  readonly name: string;
  readonly what: "missing" | "new" | "different";
}

/** Every difference; an empty list is the proof that the database is what it was when it was made. */
export async function checkDatabase(db: Db, name: string): Promise<Difference[]> {
  const content = await contentOf(db, name);
  return await withSession(db, async () => {
    const current = db.database;
    await db.run(`USE ${id(name)}`);
    try {
      const live = await readDefinitions(db, name);
      const definitions = compareDefinitions(content.definitions, live);
      const there = new Set(live.filter(({ kind }) => kind === "table").map((table) => table.name));
      return [
        ...definitions,
        ...(await compareRows(db, content, name, there)),
        ...(await compareHashes(db, name, definitions)),
      ];
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

const keyOf = ({ kind, name }: Pick<Definition, "kind" | "name">) => `${kind} ${name}`;

/**
 * The text that is compared. A collation names its character set: some servers show both for a column whose table was
 * made from SHOW CREATE, and the collation alone before.
 */
function textOf({ sql, under }: Definition): string {
  return JSON.stringify([sql.replaceAll(/ CHARACTER SET \w+(?= COLLATE )/g, ""), under]);
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

/** Rows, by CHECKSUM TABLE of the table and of its copy; a table without a copy has no rows. */
async function compareRows(db: Db, content: Content, name: string, there: ReadonlySet<string>): Promise<Difference[]> {
  const tables = content.tables.filter((table) => there.has(table.name));
  const places = tables.flatMap((table) => [
    `${id(name)}.${id(table.name)}`,
    ...(table.isEmpty ? [] : [`${id(content.id)}.${id(table.name)}`]),
  ]);
  if (places.length === 0) return [];
  const rows = await db.rows<{ Table: string; Checksum: unknown }>(`CHECKSUM TABLE ${places.join(", ")}`);
  const sums = new Map(rows.map((row) => [row.Table, String(row.Checksum)]));
  const isSame = ({ name: table, isEmpty }: Content["tables"][number]) => {
    const live = sums.get(`${name}.${table}`);
    return live !== undefined && live === (isEmpty ? "0" : sums.get(`${content.id}.${table}`));
  };
  return tables
    .filter((table) => !isSame(table))
    .map((table) => ({ kind: "rows", name: table.name, what: "different" }));
}

/** What SHOW CREATE does not tell here: definers, and the defaults of the database. */
async function compareHashes(db: Db, name: string, known: readonly Difference[]): Promise<Difference[]> {
  await db.run(`CALL ${SCHEMA}.look_at_definitions(?)`, [name]);
  const rows = await db.rows<{ kind: string; name: string }>(
    `SELECT o.kind, o.name FROM ${SCHEMA}.object o JOIN ${SCHEMA}.seen_object s USING (db, kind, name) ` +
      "WHERE o.db = ? AND o.kind <> 'table' AND o.hash <> s.hash",
    [name],
  );
  const isKnown = (row: { kind: string; name: string }) =>
    known.some((each) => each.kind === row.kind && each.name === row.name);
  return rows.filter((row) => !isKnown(row)).map((row) => ({ kind: row.kind, name: row.name, what: "different" }));
}
