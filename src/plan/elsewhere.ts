/** What a facility has built on what `down` removes, outside of the tables of this database; and what this account cannot see of it. */
import { formatAccount } from "../access/account.ts";
import type { NotVisible } from "../access/not-visible.ts";
import { type Privileges, readPrivileges } from "../access/privileges.ts";
import { grantTarget } from "../access/require.ts";
import type { Difference } from "../catalog/difference.ts";
import type { Server } from "../catalog/server.ts";
import { type StoredText, storedTexts } from "../catalog/stored-texts.ts";
import type { Db } from "../db/db.ts";
import { serverErrorNamed } from "../db/server-errors.ts";
import { fileName, nameOfFile } from "../dialect/file-name.ts";
import { mayRead } from "../repeatables/procedures/live.ts";
import { placeholders } from "../sql.ts";
import { type Gone, mentionsOf, wordsOf } from "./mentions.ts";

export interface Elsewhere {
  /** Objects whose text mentions what is removed: "event nightly mentions ProcessingJob". */
  readonly mentions: readonly string[];
  readonly notVisible: readonly NotVisible[];
}

export async function readElsewhere(db: Db, server: Server, gone: Gone): Promise<Elsewhere> {
  const words = wordsOf(gone);
  if (words.length === 0) return { mentions: [], notVisible: [] };
  const texts = await storedTexts(db, words);
  return { mentions: mentionsOf(texts, gone, db.database), notVisible: await readNotVisible(db, server, texts) };
}

/**
 * Foreign keys of other databases that refer to these tables: the server refuses to drop what they refer to. An account
 * sees those of tables that it has a privilege on; with PROCESS it sees all of them.
 */
export async function referringElsewhere(
  db: Db,
  { dialect }: Server,
  tables: readonly string[],
): Promise<Difference[]> {
  if (tables.length === 0) return [];
  const seen = await db.rows<{ child: string; name: string; table: string }>(
    "SELECT DISTINCT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) AS child, CONSTRAINT_NAME AS name, REFERENCED_TABLE_NAME AS `table` " +
      "FROM information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_SCHEMA = DATABASE() AND TABLE_SCHEMA <> DATABASE() " +
      `AND REFERENCED_TABLE_NAME IN (${placeholders(tables)})`,
    tables,
  );
  const own = `${fileName(db.database)}/`;
  const files = new Map(tables.map((table) => [own + fileName(table), table]));
  const all = await db
    .rows<{ child: string; name: string; parent: string }>(
      "SELECT REPLACE(FOR_NAME, '/', '.') AS child, SUBSTRING_INDEX(ID, '/', -1) AS name, REF_NAME AS parent " +
        `FROM information_schema.${dialect.names.foreignKeyView} ` +
        `WHERE REF_NAME IN (${placeholders([...files.keys()])}) AND LEFT(FOR_NAME, ?) <> ?`,
      [...files.keys(), own.length, own],
    )
    .catch((error: unknown) => {
      if (isNotAllowed(error)) return [];
      throw error;
    });
  const hidden = all
    .map(({ child, name, parent }) => ({ child: nameOfFile(child), name, table: files.get(parent) ?? parent }))
    .filter(({ child, name }) => !seen.some((key) => key.name === name && key.child === child));
  return [...seen, ...hidden].map(({ child, name, table }) => ({
    part: "foreign key",
    object: `${child}.${name}`,
    aspect: "dependant",
    found: `refers to ${table}`,
  }));
}

// --- internal ---

const isNotAllowed = serverErrorNamed("ER_SPECIFIC_ACCESS_DENIED_ERROR");

/** Each with the lightest GRANT that shows it (measured on both vendors). */
async function readNotVisible(db: Db, server: Server, texts: readonly StoredText[]): Promise<NotVisible[]> {
  const privileges = await readPrivileges(db);
  const account = formatAccount(server.account);
  const lacks = (...wanted: string[]) => privileges.missingGlobally(wanted);
  const grant = (wanted: readonly string[], on = "*.*") => `GRANT ${wanted.join(", ")} ON ${on} TO ${account};`;
  const views = lacks("SELECT", "SHOW VIEW");
  const others = lacks("TRIGGER", "EVENT");
  const { privilege, on } = server.dialect.names.readAllRoutines;
  const unread = texts.filter(({ database, text }) => database === db.database && text === undefined);
  const seesRoutines = await readsAllRoutines(db, privileges, server);
  return [
    ...(lacks("SELECT", "PROCESS").length < 2
      ? []
      : [{ problem: "foreign keys of other databases, which would stop `down` half-way", next: grant(["PROCESS"]) }]),
    ...(others.length === 0
      ? []
      : [{ problem: "triggers and events of other databases that use these objects", next: grant(others) }]),
    ...(privileges.missing(["EVENT"]).length === 0
      ? []
      : [{ problem: "events of this database", next: grant(["EVENT"], `${await grantTarget(db)}.*`) }]),
    ...(views.length === 0 ? [] : [{ problem: "views of other databases that use these objects", next: grant(views) }]),
    ...(seesRoutines
      ? []
      : [{ problem: `routines that use these objects${listed(unread)}`, next: grant([privilege], on) }]),
  ];
}

function listed(unread: readonly StoredText[]): string {
  const names = unread.slice(0, 5).map(({ kind, name }) => `${kind} ${name}`);
  const more = unread.length > names.length ? ` and ${unread.length - names.length} more` : "";
  return names.length === 0 ? "" : `; of this database: ${names.join(", ")}${more}`;
}

/** On MariaDB a privilege on one table of the server's own. */
async function readsAllRoutines(db: Db, privileges: Privileges, { dialect }: Server): Promise<boolean> {
  if (privileges.missingGlobally(["SELECT"]).length === 0) return true;
  const { privilege, on } = dialect.names.readAllRoutines;
  return on === "*.*" ? privileges.missingGlobally([privilege]).length === 0 : mayRead(db, on);
}
