import { connect } from "../../src/db/connect.ts";
import { type Target, toOwnServer } from "../../src/db/db.ts";
import type { OwnBase } from "../../src/base/base.ts";
import { loadBase } from "../../src/base/load-base.ts";
import { upgrade } from "./upgrade.ts";

/** The databases of a template server, by what they hold. */
export const databases = { official: "ispyb", diamond: "diamond", empty: "empty" } as const;
/** The same bases after an `up`. No underscore: in a GRANT it would stand for any character. */
export const upgradedDatabases = { official: "ispybupgraded", diamond: "diamondupgraded" } as const;
const bases: readonly OwnBase[] = ["official", "diamond"];

type Server = Omit<Target, "database" | "tls"> & { readonly password: string };

/**
 * Neither of the usual defaults, on purpose: a table or procedure that forgets its own charset or
 * compares with a string of the database's collation is found out here and not at a facility.
 */
const DEFAULTS = "CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci";

/** Fills a new server with what every fresh test database is copied from. */
export async function fillTemplate(server: Server): Promise<void> {
  await create(server, Object.values(databases));
  for (const base of bases) await load(server, databases[base], base);
}

/** Databases on a server that tests share. */
export const SHARED = 8;

/** The n-th database of this base on a server that tests share. */
export function sharedName(base: keyof typeof databases, nth: number): string {
  return `${databases[base]}${nth}`;
}

/** Adds the bases that tests of a shared server begin with most often. */
export async function fillShared(server: Server): Promise<void> {
  for (let nth = 1; nth <= SHARED; nth++) await createDatabase(server, sharedName("official", nth), "official");
}

/** Adds one more database with the base of a flavour, or an empty one. */
export async function createDatabase(server: Server, name: string, base: keyof typeof databases): Promise<void> {
  await create(server, [name]);
  if (base !== "empty") await load(server, name, base);
}

/** Adds what every upgraded test database is copied from: the work of a real `up` on this very server. */
export async function fillUpgraded(server: Server): Promise<void> {
  await create(server, Object.values(upgradedDatabases));
  for (const base of bases) {
    await load(server, upgradedDatabases[base], base);
    await upgrade({ ...server, database: upgradedDatabases[base] });
  }
}

async function create(server: Server, names: readonly string[]): Promise<void> {
  await using db = await connect({ ...server, database: "mysql", ...toOwnServer });
  for (const name of names) await db.run(`CREATE DATABASE \`${name}\` ${DEFAULTS}`);
}

async function load(server: Server, database: string, base: OwnBase): Promise<void> {
  await using db = await connect({ ...server, database, ...toOwnServer });
  await loadBase(db, base);
}
