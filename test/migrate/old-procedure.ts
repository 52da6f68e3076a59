/** A procedure of the facility's own under one of our names, with accounts that may call it. */
import type { TestDatabase } from "../support/servers.ts";

export const NAME = "upsert_processing_job";

/** An earlier procedure: another text, under another sql_mode, with accounts that may call it. */
export async function makeOld(db: TestDatabase): Promise<void> {
  await db.query("SET SESSION sql_mode = '', character_set_client = latin1");
  await db.query(`CREATE PROCEDURE ${NAME}(INOUT p_id int) SQL SECURITY INVOKER BEGIN SET p_id = 7; END`);
  await db.query("SET SESSION sql_mode = DEFAULT, character_set_client = utf8mb4");
  for (const user of ["caller", "steward"]) {
    await db.query(`CREATE USER ${user}@'%' IDENTIFIED BY 'May-call-1'`);
    const option = user === "steward" ? " WITH GRANT OPTION" : "";
    await db.query(`GRANT EXECUTE ON PROCEDURE ${db.database}.${NAME} TO ${user}@'%'${option}`);
  }
}

/** Its text and settings as the server has them. */
export async function definitionOf(db: TestDatabase): Promise<unknown> {
  const [row] = await db.query(`SHOW CREATE PROCEDURE ${NAME}`);
  return row;
}

export function grantsOf(db: TestDatabase): Promise<unknown> {
  return db.query(
    "SELECT User AS user, Proc_priv AS privileges FROM mysql.procs_priv WHERE Routine_name = ? AND User IN ('caller', 'steward') ORDER BY User",
    [NAME],
  );
}
