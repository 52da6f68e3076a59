/**
 * The session settings of a part. Each part sets and restores them, because parts may be run separately.
 */
import type { Db } from "../db/db.ts";
import { isPartialVariable, whereKnown } from "../dialect/variables.ts";
import { text } from "../sql.ts";

/**
 * Strict, so that a value that does not fit is an error. Zero and invalid dates are allowed, because rows had them.
 * So is an id of 0, which a server would otherwise replace by the next id.
 */
const STRICT = "STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES";

/** Not strict: for values that a server stores in place of invalid ones, such as ordinal 0 of an enum. */
const FORGIVING = "NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES";

interface Setting {
  readonly name: string;
  /** Undefined if SET NAMES sets it. */
  readonly value?: string;
}

const settings: readonly Setting[] = [
  { name: "character_set_client" },
  { name: "character_set_results" },
  { name: "collation_connection" },
  { name: "sql_mode", value: `'${STRICT}'` },
  { name: "time_zone", value: "'+00:00'" },
  // Rows are restored in any order, and their parents may be deleted.
  { name: "foreign_key_checks", value: "0" },
  { name: "unique_checks", value: "1" },
  { name: "check_constraint_checks", value: "0" },
  // The queries about rows without a parent are longer than a server's default.
  { name: "group_concat_max_len", value: "1048576" },
  // Otherwise the next AUTO_INCREMENT may be a day old.
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
 * Runs `work`, which reads rows, under the sql_mode of the file, and restores the mode. Conditions contain values of
 * the rows, and in other modes MySQL finds no row by an invalid date (measured on 9.7).
 */
export async function reading<T>(db: Db, work: () => Promise<T>): Promise<T> {
  const [session] = await db.rows<{ mode: string }>("SELECT @@SESSION.sql_mode AS mode");
  await db.run(`SET SESSION sql_mode = '${STRICT}'`);
  try {
    return await work();
  } finally {
    // The first error is the one to report; a session that refuses this SET is broken anyway.
    await db.run(`SET SESSION sql_mode = ${text(session?.mode ?? "")}`).catch(() => undefined);
  }
}

/** The statements without strict mode, which would refuse them. */
export function forgiven(statements: string): string {
  return `SET sql_mode = '${FORGIVING}';\n${statements}SET sql_mode = '${STRICT}';\n`;
}
