/** The texts of views, triggers, events and routines that contain a word, in every database that this account can see. */
import type { Db } from "../db/db.ts";

export interface StoredText {
  /** "view", "procedure", … */
  readonly kind: string;
  readonly database: string;
  readonly name: string;
  /** Undefined if this account may not read it. */
  readonly text?: string;
}

/** Those with one of these words, whatever it means there, and those that cannot be read. */
export async function storedTexts(db: Db, words: readonly string[]): Promise<StoredText[]> {
  if (words.length === 0) return [];
  const stored: StoredText[] = [];
  const contains = words.map(() => "LOCATE(LOWER(?), LOWER(text)) > 0").join(" OR ");
  for (const source of sources) {
    const rows = await db.rows<{ kind: string; place: string; name: string; text: string | null }>(
      `SELECT kind, place, name, text FROM (${source}) AS objects WHERE place NOT IN (${systemDatabases}) ` +
        `AND (text IS NULL OR text = '' OR ${contains}) ORDER BY kind, place, name`,
      words,
    );
    for (const { kind, place, name, text } of rows) {
      const object = { kind: kind.toLowerCase(), database: place, name };
      stored.push(text === null || text === "" ? object : { ...object, text });
    }
  }
  return stored;
}

// --- internal ---

const systemDatabases = "'information_schema', 'mysql', 'performance_schema', 'sys'";

const sources: readonly string[] = [
  "SELECT 'view' AS kind, TABLE_SCHEMA AS place, TABLE_NAME AS name, VIEW_DEFINITION AS text FROM information_schema.VIEWS",
  "SELECT 'trigger' AS kind, TRIGGER_SCHEMA AS place, TRIGGER_NAME AS name, ACTION_STATEMENT AS text FROM information_schema.TRIGGERS",
  "SELECT 'event' AS kind, EVENT_SCHEMA AS place, EVENT_NAME AS name, EVENT_DEFINITION AS text FROM information_schema.EVENTS",
  "SELECT ROUTINE_TYPE AS kind, ROUTINE_SCHEMA AS place, ROUTINE_NAME AS name, ROUTINE_DEFINITION AS text FROM information_schema.ROUTINES",
];
