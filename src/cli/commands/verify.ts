import { loadMigrations } from "../../migrate/load.ts";
import { survey } from "../../migrate/survey.ts";
import { findOrphans, verify } from "../../migrate/verify.ts";
import type { CommandContext } from "../context.ts";
import { verifyJson, verifyText } from "../views/verify.ts";

export async function run({ connect, out }: CommandContext): Promise<number> {
  await using db = await connect();
  const found = await survey(db, await loadMigrations());
  const { differences, notices } = verify(found);
  const verification = { differences: [...differences, ...(await findOrphans(db, found))], notices };
  out.result({ document: verifyJson(found, verification), text: verifyText(found, verification, out.paintResult) });
  return verification.differences.length === 0 ? 0 : 1;
}
