import { MigrateError } from "../../errors.ts";
import { loadMigrations } from "../../migrate/load.ts";
import { refuseSchema, refuseServer } from "../../migrate/preflight.ts";
import { isPending, survey } from "../../migrate/survey.ts";
import type { CommandContext } from "../context.ts";
import { planJson, planText } from "../views/plan.ts";

/** Shows the plan; then fails where the schema itself would stop `up`. What only this account lacks is a note. */
export async function run({ connect, options, out }: CommandContext): Promise<number> {
  await using db = await connect();
  const found = await survey(db, await loadMigrations());
  out.result({ document: planJson(found), text: planText(found, out.paintResult) });
  refuseSchema(found);
  const owed = found.migrations.some(isPending);
  if (owed) {
    await refuseServer(db, found).catch((error: unknown) => {
      if (!(error instanceof MigrateError)) throw error;
      out.note(
        `note: \`up\` would be refused now: ${error.message}; next: ${[error.details.next ?? []].flat().join("; ")}`,
      );
    });
  }
  return options.check && owed ? 1 : 0;
}
