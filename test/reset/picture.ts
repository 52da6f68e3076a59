/**
 * A database as the server tells it over the raw driver: nothing of src/ takes part. Names of the database itself
 * are replaced, so that two databases can be compared.
 */
import type { TestDatabase } from "../support/servers.ts";

type Shown = Record<string, string | number | null>;

/** Checksums of all rows, AUTO_INCREMENT, and the text of every object, by its name. */
export async function pictureOf(server: TestDatabase, database: string): Promise<Record<string, string>> {
  const picture: Record<string, string> = {};
  const put = (key: string, value: unknown) => {
    picture[key] = String(value).replaceAll(`\`${database}\``, "`DATABASE`");
  };
  const ask = async (sql: string, values: readonly string[]) =>
    (await server.query<Shown>(sql, values)).map((row) => Object.values(row).map(String));
  const show = async (what: string, name: string) => {
    const [row] = await server.query<Shown>(`SHOW CREATE ${what} \`${database}\`.\`${name}\``);
    // MySQL shows a time of creation for triggers.
    const { Created: _, ...rest } = row ?? {};
    put(`${what} ${name}`, JSON.stringify(rest));
  };
  const tables = await ask("SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?", [
    database,
  ]);
  const base = tables
    .filter(([, type]) => type === "BASE TABLE" || type === "SYSTEM VERSIONED")
    .map(([name]) => name ?? "");
  for (const [name = "", type] of tables) await show(type === "VIEW" ? "VIEW" : "TABLE", name);
  const places = base.map((name) => `\`${database}\`.\`${name}\``);
  for (const row of await server.query<Shown>(`CHECKSUM TABLE ${places.join(", ")}`)) {
    put(`rows of ${String(row["Table"]).slice(database.length + 1)}`, row["Checksum"]);
  }
  const counters =
    "SELECT TABLE_NAME, IFNULL(AUTO_INCREMENT, 1) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE'";
  await server.query("SET SESSION information_schema_stats_expiry = 0").catch(() => {});
  for (const [name, next] of await ask(counters, [database])) put(`AUTO_INCREMENT of ${name}`, next);
  for (const [name = "", type = ""] of await ask(
    "SELECT ROUTINE_NAME, ROUTINE_TYPE FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?",
    [database],
  )) {
    await show(type, name);
  }
  for (const [name = ""] of await ask("SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?", [
    database,
  ])) {
    await show("TRIGGER", name);
  }
  for (const [name = ""] of await ask("SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?", [
    database,
  ])) {
    await show("EVENT", name);
  }
  put(
    "database",
    await ask(
      "SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?",
      [database],
    ),
  );
  return picture;
}
