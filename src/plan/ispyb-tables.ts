/** The tables of every ISPyB that our migrations depend on. */
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { type Catalog, findTable } from "../model.ts";
import { id, placeholders } from "../sql.ts";
import { conventionTables } from "../steps/delete-rule-convention.ts";

export const ispybTables = [...conventionTables, "AutoProcProgram"];

/** Throws NOT_ISPYB if one of them is missing. `others` are more tables whose spelling is compared. */
export async function assertIspyb(db: Db, catalog: Catalog, others: readonly string[]): Promise<void> {
  const absent = ispybTables.filter((name) => findTable(catalog, name) === undefined);
  if (absent.length === 0) return;
  const respelled = await otherSpellings(db, [...new Set([...ispybTables, ...others])]);
  if (respelled.length > 0) {
    throw new MigrateError("NOT_ISPYB", `${catalog.database} spells the tables of ISPyB in another way`, {
      where: catalog.database,
      found: `tables ${respelled.map(({ live }) => live).join(", ")}`,
      wanted:
        `tables ${respelled.map(({ wanted }) => wanted).join(", ")}: ` +
        "this server tells capitals from small letters, and clients use these names",
      done: "nothing was changed",
      next: [
        ...respelled.map(({ live, wanted }) => `RENAME TABLE ${id(live)} TO ${id(wanted)};`),
        "then the other tables in the same way, or load a dump of a server that keeps the spelling (lower_case_table_names = 0)",
      ],
    });
  }
  throw new MigrateError("NOT_ISPYB", `${catalog.database} is not an ISPyB database`, {
    where: catalog.database,
    found: `no table ${absent.join(", ")}`,
    wanted: `the tables ${ispybTables.join(", ")}`,
    done: "nothing was changed",
    next: "name the right database: --database NAME, or --url mysql://USER@HOST:PORT/NAME",
  });
}

// --- internal ---

/** Which of these tables exist under a name that differs only in capitals. */
async function otherSpellings(db: Db, tables: readonly string[]): Promise<{ live: string; wanted: string }[]> {
  const rows = await db.rows<{ name: string }>(
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() " +
      `AND LOWER(TABLE_NAME) IN (${placeholders(tables)})`,
    tables.map((name) => name.toLowerCase()),
  );
  const names = rows.map(({ name }) => name);
  return tables.flatMap((wanted) => {
    const twin = names.find((name) => name.toLowerCase() === wanted.toLowerCase());
    return twin === undefined || names.includes(wanted) ? [] : [{ live: twin, wanted }];
  });
}
