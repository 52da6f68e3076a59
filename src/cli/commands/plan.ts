import { writeFile } from "node:fs/promises";
import type { Db } from "../../db/db.ts";
import { MigrateError } from "../../errors.ts";
import { loadMigrations } from "../../plan/load.ts";
import { type Survey, survey } from "../../plan/read-plan.ts";
import { isAnythingOwed, refuseLate, refuseSchema, refuseServer } from "../../preflight/preflight.ts";
import { planScript } from "../../script/plan-script.ts";
import { leftToUp } from "../../script/repeatables.ts";
import type { CommandContext } from "../context.ts";
import type { Output } from "../output.ts";
import { surveyOptions } from "../plan-options.ts";
import { planJson, planText } from "../views/plan.ts";

/** Shows the plan; then fails where the schema itself would stop `up`. What only this account lacks is a note. */
export async function run({ connect, options, out }: CommandContext): Promise<number> {
  await using db = await connect();
  const found = await survey(db, await loadMigrations(), await surveyOptions(options));
  out.result({ document: planJson(found), text: options.sql === "-" ? "" : planText(found, out.paintResult) });
  refuseSchema(found);
  const owed = isAnythingOwed(found);
  if (owed) {
    await refuseServer(db, found).catch((error: unknown) => {
      if (!(error instanceof MigrateError)) throw error;
      out.note(
        `note: \`up\` would be refused now: ${error.message}; next: ${[error.details.next ?? []].flat().join("; ")}`,
      );
    });
  }
  if (options.sql !== undefined) await writeScript(db, found, options.sql, out);
  return options.check && owed ? 1 : 0;
}

/** The script instead of the plan on stdout, or both, the script in its file. */
async function writeScript(db: Db, found: Survey, file: string, out: Output): Promise<void> {
  refuseLate(found);
  const script = await planScript(db, found);
  for (const { title } of leftToUp(found)) {
    out.note(`note: ${title} is not in the script, which cannot replace it on this server; \`up\` does`);
  }
  if (file === "-") return out.result({ document: { ...planJson(found), script }, text: script });
  await writeFile(file, script).catch((cause: unknown) => {
    throw new MigrateError("USAGE", "the script could not be written", {
      where: file,
      found: cause instanceof Error ? cause.message : String(cause),
      done: "nothing was changed; the file, if there is one, does not hold all of the script",
      next: "ispyb-migrate plan --sql FILE   # a file that may be written, or - for stdout",
      cause,
    });
  });
  out.result({ document: { ...planJson(found), file }, text: planText(found, out.paintResult) });
  out.note(`the script is in ${file}; its first lines say how to run it`);
}
