/**
 * A dump of a whole database creates that database and uses it. Here the database of the connection is the target: the
 * script's one database is mapped to it, and a second one is refused.
 */

/** What becomes of a statement. */
export type Mapped =
  /** Sent as it is. */
  | "sent"
  /** Sent in this form instead, because it changes the defaults of the target. */
  | { readonly instead: string }
  /** Not sent: the target is there, and used. */
  | "left out"
  /** It would reach another database. */
  | { readonly other: string };

const name = "(`(?:[^`]|``)+`|[^\\s;`./*]+)";
const condition = "(?:/\\*!\\d*\\s*IF\\s+(?:NOT\\s+)?EXISTS\\s*\\*/|IF\\s+(?:NOT\\s+)?EXISTS|OR\\s+REPLACE)?";
/** A statement may be inside of a conditional comment as a whole. */
const before = "^(?:/\\*M?!\\d*\\s*)?";
const statement = (words: string) => new RegExp(`${before}${words}\\s*${name}\\s*([^]*)$`, "i");

const use = statement("USE\\b");
const create = statement(`CREATE\\s+(?:OR\\s+REPLACE\\s+)?(?:DATABASE|SCHEMA)\\b\\s*${condition}`);
const drop = statement(`DROP\\s+(?:DATABASE|SCHEMA)\\b\\s*${condition}`);
const alter = statement("ALTER\\s+(?:DATABASE|SCHEMA)\\b");

/** Characters at a statement's beginning that decide what it is. */
const LOOKED_AT = 2_000;

/** Follows one script; the first database that it names is the one that it is about. */
export class DatabaseNames {
  /** The name that is mapped to the target. */
  name: string | undefined;

  map(sql: string): Mapped {
    if (!/^(?:\/|use|create|drop|alter)/i.test(sql)) return "sent";
    const text = sql.slice(0, LOOKED_AT);
    for (const form of [use, create, drop, alter]) {
      const [whole, named = "", rest = ""] = form.exec(text) ?? [];
      if (whole === undefined) continue;
      // `ALTER DATABASE CHARACTER SET x` has no name, and means the database that is in use.
      if (form === alter && /^(?:DEFAULT|CHARACTER|CHARSET|COLLATE|ENCRYPTION|COMMENT|READ)$/i.test(named))
        return "sent";
      const database = unquoted(named);
      this.name ??= database;
      if (database !== this.name) return { other: database };
      const options =
        form === create || form === alter
          ? rest.replace(/\*\/$/, (end) => (sql.startsWith("/*") ? "" : end)).trim()
          : "";
      return options === "" ? "left out" : { instead: `ALTER DATABASE ${options}` };
    }
    return "sent";
  }
}

// --- internal ---

function unquoted(named: string): string {
  return named.startsWith("`") ? named.slice(1, -1).replaceAll("``", "`") : named;
}
