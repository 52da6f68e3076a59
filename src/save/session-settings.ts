/**
 * The session in which a part of the file runs. Each part sets it and puts it back, because parts may
 * be run apart.
 */
import type { Db } from "../db/db.ts";
import { isPartialVariable, whereKnown } from "../dialect/variables.ts";
import { text } from "../sql.ts";

/**
 * Strict, so that a value that does not fit is an error. Zero and invalid dates were there and may
 * come back, and so may an id of 0, of which a server would otherwise make the next one.
 */
const STRICT = "STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES";

/** For the one value that no strict session takes: that of an enum in which another one was refused. */
const FORGIVING = "NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES";

interface Setting {
  readonly name: string;
  /** Undefined where SET NAMES gives it. */
  readonly value?: string;
}

const settings: readonly Setting[] = [
  { name: "character_set_client" },
  { name: "character_set_results" },
  { name: "collation_connection" },
  { name: "sql_mode", value: `'${STRICT}'` },
  { name: "time_zone", value: "'+00:00'" },
  // Rows come back in an order of their own, and to parents that may be gone.
  { name: "foreign_key_checks", value: "0" },
  { name: "unique_checks", value: "1" },
  { name: "check_constraint_checks", value: "0" },
  // Or the next AUTO_INCREMENT is that of yesterday.
  { name: "information_schema_stats_expiry", value: "0" },
];

function set(assignment: (setting: Setting) => string, some: readonly Setting[] = settings): string {
  const common = some.filter(({ name }) => !isPartialVariable(name)).map(assignment);
  const special = some.flatMap((setting) => {
    const { name } = setting;
    return isPartialVariable(name) ? [`\n  ${whereKnown(name, `, ${assignment(setting)}`)}`] : [];
  });
  return `SET\n  ${common.join(",\n  ")}${special.join("")};\n`;
}

const remembered = (setting: Setting) => `@ispyb_${setting.name}`;

export const beginPart: string =
  set((setting) => `${remembered(setting)} = @@${setting.name}`) +
  "SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;\n" +
  set(
    (setting) => `${setting.name} = ${setting.value}`,
    settings.filter((setting) => setting.value !== undefined),
  );

export const endPart: string = set((setting) => `${setting.name} = ${remembered(setting)}`);

/**
 * Work that reads rows: their values are in its conditions, and elsewhere MySQL finds no row by a date that
 * does not exist (measured on 9.7). The session is as it was afterwards.
 */
export async function reading<T>(db: Db, work: () => Promise<T>): Promise<T> {
  const [session] = await db.rows<{ mode: string }>("SELECT @@SESSION.sql_mode AS mode");
  await db.run(`SET SESSION sql_mode = '${STRICT}'`);
  try {
    return await work();
  } finally {
    // What went wrong first is what the user has to hear; a session that takes no SET takes nothing else.
    await db.run(`SET SESSION sql_mode = ${text(session?.mode ?? "")}`).catch(() => undefined);
  }
}

/** Statements that a strict session would refuse. */
export function forgiven(statements: string): string {
  return `SET sql_mode = '${FORGIVING}';\n${statements}SET sql_mode = '${STRICT}';\n`;
}
