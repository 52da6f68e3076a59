/** Facilities have keys of other whole numbers: our columns that refer to them have the same type. */
import { expect, test } from "vitest";
import { onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { takeDown, upgrade } from "../support/upgrade.ts";
import { callAsClients } from "./facilities/clients.ts";
import { otherKeys } from "./facilities/other-keys.ts";
import { picture } from "./facilities/picture.ts";

const ours = [
  ["ProcessingJob", "dataCollectionId"],
  ["ProcessingJobImageSweep", "dataCollectionId"],
  ["AutoProcProgram", "parentAutoProcProgramId"],
  ["AutoProcProgramMessage", "autoProcProgramId"],
] as const;

onEveryServer("keys of other types", (lane) => {
  const makeDatabase = sharedServer(lane);

  test.each(["bigint unsigned", "int", "bigint"])("%s", async (type) => {
    await using db = await makeDatabase("official");
    for (const sql of otherKeys(type)) await db.query(sql);
    const before = await picture(db);
    const { verification } = await upgrade(db);
    expect(verification.differences).toEqual([]);
    for (const [table, column] of ours) {
      const [shown] = await db.query<{ Type: string }>(`SHOW COLUMNS FROM ${table} WHERE Field = '${column}'`);
      expect(shown?.Type.replace(/\(\d+\)/, ""), `${table}.${column}`).toBe(type);
    }
    expect((await upgrade(db)).recorded).toEqual([]);
    await takeDown(db);
    expect({ ...(await picture(db)), ...ignored(before) }).toEqual({ ...before, ...ignored(before) });
    await upgrade(db);
    await callAsClients(db);
  });
});

/** Numbers that were given away are not turned back. */
function ignored(before: Record<string, string>): Record<string, string> {
  const names = Object.keys(before).filter(
    (name) => name.startsWith("AUTO_INCREMENT of ") || name === "TABLE SchemaStatus",
  );
  return Object.fromEntries(names.map((name) => [name, ""]));
}
