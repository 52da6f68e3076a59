import { connect } from "../../src/db/connect.ts";
import type { Target } from "../../src/db/db.ts";
import { type Base, loadBase } from "../../src/sandbox/base.ts";

/** The databases of a template server, by what they hold. */
export const databases = { official: "ispyb", diamond: "diamond", empty: "empty" } as const;
const bases: readonly Base[] = ["official", "diamond"];

/**
 * Neither of the usual defaults, on purpose: a table or procedure that forgets its own charset or
 * compares with a string of the database's collation is found out here and not at a facility.
 */
const DEFAULTS = "CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci";

/** Fills a new server with what every test database is copied from. */
export async function fillTemplate(server: Omit<Target, "database" | "tls">): Promise<void> {
  const target = { ...server, tls: { mode: "disabled" } } as const;
  await using db = await connect({ ...target, database: "mysql" });
  for (const name of Object.values(databases)) await db.run(`CREATE DATABASE \`${name}\` ${DEFAULTS}`);
  for (const base of bases) {
    await using filled = await connect({ ...target, database: databases[base] });
    await loadBase(filled, base);
  }
}
