/** An earlier procedure under one of our names comes back from `down` as SHOW CREATE PROCEDURE printed it. */
import { expect, test } from "vitest";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { takeDown, upgrade } from "../support/upgrade.ts";

const NAME = "retrieve_processing_job";
/** With what a comment may hold, and a body that has lines like a comment's. */
const body = "BEGIN\n  SELECT 'a)\n    COMMENT ''no''\n' AS x, '\\' AS y;\nEND";
const odd = "(IN p_id int, IN p_kind enum('(','\\'))";

onEveryServer("an earlier procedure", (lane) => {
  test.each([
    ["without backslash escapes", "NO_BACKSLASH_ESCAPES", `${odd} COMMENT 'C:\\old ''one''\\\n\\' ${body}`],
    [
      "without backslash escapes, with all characteristics",
      "NO_BACKSLASH_ESCAPES",
      `${odd} READS SQL DATA DETERMINISTIC SQL SECURITY INVOKER COMMENT '\\n' ${body}`,
    ],
    ["without backslash escapes and without a comment", "NO_BACKSLASH_ESCAPES", `${odd} ${body}`],
    ["with backslash escapes", "", "() COMMENT 'C:\\\\old \\'one\\' é' BEGIN SELECT '\\\\' AS x; END"],
  ])("%s", async (_name, mode, definition) => {
    await using db = await freshDatabase(lane, "official");
    await db.query(`SET SESSION sql_mode = '${mode}'`);
    await db.query(`CREATE PROCEDURE ${NAME}${definition}`);
    await db.query("SET SESSION sql_mode = DEFAULT");
    const shown = () => db.query<{ "Create Procedure": string }>(`SHOW CREATE PROCEDURE ${NAME}`);
    const before = await shown();
    await upgrade(db);
    expect(await shown()).not.toEqual(before);
    await takeDown(db);
    expect(await shown()).toEqual(before);
  });
});
