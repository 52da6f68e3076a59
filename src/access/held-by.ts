/** What another account holds, as far as this account can see it. */
import type { Db } from "../db/db.ts";
import { ServerError, serverErrorNamed, unlessRefused } from "../db/server-errors.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { whereKnown } from "../dialect/variables.ts";
import { type Account, formatAccount, formatGrantee } from "./account.ts";
import { type Held, parseHeld } from "./held.ts";
import type { NotVisible } from "./not-visible.ts";
import { grantLines } from "./privileges.ts";

export interface Holdings {
  readonly held: readonly Held[];
  /** False if only the privileges that this tool asks for were read. */
  readonly complete: boolean;
}

/**
 * By SHOW GRANTS, and where the server shows that only to readers of password hashes, by the tables that hold the rest.
 * "hidden" if this account can read neither.
 */
export async function heldBy(db: Db, account: Account): Promise<Holdings | "absent" | "hidden"> {
  try {
    const lines = await grantLines(db, `SHOW GRANTS FOR ${formatGrantee(account.user, account.host)}`);
    return { held: parseHeld(lines), complete: true };
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return isNoSuchGrantOrAccount(error) ? "absent" : ifReadable(() => heldInTables(db, account));
  }
}

/** The result, or "hidden" if the server refuses to show it. */
export async function ifReadable<T extends object | string>(read: () => Promise<T>): Promise<T | "hidden"> {
  return (await unlessRefused(read())) ?? "hidden";
}

/** The problem, with the GRANTs after which this account sees the privileges of others, and no password hash. */
export function notVisible(problem: string, account: string, { names }: Dialect): NotVisible {
  const to = formatAccount(account);
  return { problem, next: names.accountTables.grants.map((each) => `GRANT ${each} TO ${to};`).join("\n") };
}

// --- internal ---

/** An account without the privilege gets another error. */
const isNoSuchGrantOrAccount = serverErrorNamed("ER_NONEXISTING_GRANT", "ER_PASSWORD_NO_MATCH", "ER_NO_SUCH_USER");

/** The privileges that are asked for anywhere; the columns of mysql.user that are granted for it. */
const columns = {
  SELECT: "Select_priv",
  INSERT: "Insert_priv",
  UPDATE: "Update_priv",
  EXECUTE: "Execute_priv",
} as const;

const list = Object.values(columns).join(", ");

type Flags = Readonly<Record<(typeof columns)[keyof typeof columns], string>>;

async function heldInTables(db: Db, { user, host }: Account): Promise<Holdings | "absent" | "hidden"> {
  const read = <R extends object>(what: string, from: string) =>
    db.rows<R>(`SELECT ${what} FROM mysql.${from} WHERE User = ? AND Host = ?`, [user, host]);
  const [account] = await read<Flags>(list, "user");
  if (account === undefined) return "absent";
  // What is revoked from a GRANT on the whole server is in a column with hashes of passwords.
  const [server] = await db.rows<{ partial?: number }>(
    `SELECT 1 AS one ${whereKnown("partial_revokes", ", @@GLOBAL.partial_revokes AS partial")}`,
  );
  if (Number(server?.partial ?? 0) === 1) return "hidden";
  const databases = await read<Flags & { schema_name: string }>(`Db AS schema_name, ${list}`, "db");
  const onTables = await read<{ schema_name: string; object: string; whole: string; part: string }>(
    "Db AS schema_name, Table_name AS object, Table_priv AS whole, Column_priv AS part",
    "tables_priv",
  );
  const onRoutines = await read<{ schema_name: string; object: string; type: string; whole: string }>(
    "Db AS schema_name, Routine_name AS object, Routine_type AS type, Proc_priv AS whole",
    "procs_priv",
  );
  const granted = (each: Pick<Held, "privileges" | "schema"> & Partial<Held>): Held => ({
    verb: "GRANT",
    onColumns: [],
    type: "TABLE",
    object: "*",
    ...each,
  });
  const held = [
    granted({ privileges: flagged(account), schema: "*" }),
    ...databases.map((each) => granted({ privileges: flagged(each), schema: each.schema_name })),
    ...onTables.map(({ schema_name: schema, object, whole, part }) =>
      granted({ privileges: inSet(whole), onColumns: inSet(part), schema, object }),
    ),
    ...onRoutines.map(({ schema_name: schema, object, type, whole }) =>
      granted({ privileges: inSet(whole), type: type.toUpperCase(), schema, object }),
    ),
  ];
  return { held, complete: false };
}

function flagged(row: Flags): string[] {
  return Object.entries(columns).flatMap(([privilege, column]) => (row[column] === "Y" ? [privilege] : []));
}

function inSet(set: string): string[] {
  return set.split(",").flatMap((each) => (each === "" ? [] : [each.trim().toUpperCase()]));
}
