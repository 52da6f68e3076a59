/** The tables of every ISPyB that our migrations depend on. */
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { type Catalog, findOtherObject, findTable } from "../model.ts";
import { id, placeholders } from "../sql.ts";
import { conventionTables } from "../steps/delete-rule-convention.ts";

export const ispybTables = [...conventionTables, "AutoProcProgram"];

/** The tables that matter here. */
interface Used {
  readonly all: readonly string[];
  /** Those that an `up` would create: another table of this name may be the facility's own. */
  readonly created: readonly string[];
}

/**
 * Throws NOT_ISPYB if one of them is missing, or if table names are case-sensitive on the server and a table that is used
 * is spelled in another way: its rows are there, and clients do not find them.
 */
export async function assertIspyb(db: Db, catalog: Catalog, { all, created }: Used): Promise<void> {
  const isAbsent = (name: string) => findTable(catalog, name) === undefined;
  const isNothing = (name: string) => isAbsent(name) && findOtherObject(catalog, name) === undefined;
  const respelled = await otherSpellings(db, [...new Set([...ispybTables, ...all])].filter(isNothing));
  if (respelled.length > 0) throw spelledOtherwise(catalog.database, respelled, created);
  const absent = ispybTables.filter(isAbsent);
  if (absent.length === 0) return;
  const inTheirPlace = absent.filter((name) => !isNothing(name));
  if (inTheirPlace.length > 0) throw noTables(catalog, inTheirPlace);
  throw new MigrateError("NOT_ISPYB", `${catalog.database} is not an ISPyB database`, {
    where: catalog.database,
    found: `no table ${absent.join(", ")}`,
    wanted: `the tables ${ispybTables.join(", ")}`,
    done: "nothing was changed",
    next: "name the right database: --database NAME, or --url mysql://USER@HOST:PORT/NAME",
  });
}

// --- internal ---

interface Respelled {
  readonly live: string;
  readonly wanted: string;
}

function spelledOtherwise(database: string, respelled: readonly Respelled[], created: readonly string[]): MigrateError {
  return new MigrateError("NOT_ISPYB", `${database} spells the tables of ISPyB in another way`, {
    where: database,
    found: `tables ${respelled.map(({ live }) => live).join(", ")}`,
    wanted:
      `tables ${respelled.map(({ wanted }) => wanted).join(", ")}: ` +
      "table names are case-sensitive on this server, and clients use these names",
    done: "nothing was changed",
    next: [
      "load a dump of a server that keeps the spelling (lower_case_table_names = 0), or rename all tables of ISPyB that are spelled in another way, beginning with these",
      ...respelled.flatMap(({ live, wanted }) =>
        !created.includes(wanted)
          ? [`give ${live} its right name:`, renaming([live, wanted])]
          : [
              `either, if ${live} is a table of ISPyB, give it its right name:`,
              renaming([live, wanted]),
              "or, if it is a table of your own, give it another one:",
              renaming([live, `${live}_own`]),
            ],
      ),
    ],
  });
}

/** Views and the like in the place of tables that every ISPyB has. */
function noTables(catalog: Catalog, names: readonly string[]): MigrateError {
  const kinds = names.map((name) => `${name} is a ${findOtherObject(catalog, name)?.toLowerCase()}`);
  return new MigrateError("NOT_ISPYB", `${kinds.join(", ")}, and migrations change tables`, {
    where: catalog.database,
    found: kinds,
    wanted: `the tables ${ispybTables.join(", ")}`,
    done: "nothing was changed",
    next: names.flatMap((name) => {
      const behind = catalog.behind?.[name];
      const away = [name, `${name}_own`] as const;
      return behind === undefined
        ? [`give ${name} another name, and the table that has its rows the name ${name}:`, renaming(away)]
        : [
            `${name} shows table ${behind}: give ${name} another name, and table ${behind} the name ${name}:`,
            renaming(away, [behind, name]),
          ];
    }),
  });
}

function renaming(...pairs: readonly (readonly [string, string])[]): string {
  return `RENAME TABLE ${pairs.map(([from, to]) => `${id(from)} TO ${id(to)}`).join(", ")};`;
}

/** Which of these tables exist under a name that differs only in capitals. */
async function otherSpellings(db: Db, tables: readonly string[]): Promise<Respelled[]> {
  if (tables.length === 0) return [];
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
