/** The data directory of a template: a server fills it with the content of a recipe, once. */
import { cp } from "node:fs/promises";
import { connect } from "../db/connect.ts";
import { takePristine } from "../reset/content.ts";
import { installReset } from "../reset/install.ts";
import type { ServerBinary } from "../server/binary.ts";
import { digHoles, emptyDataDirectory } from "../server/data-directory.ts";
import { startPrivateServer } from "../server/private-server.ts";
import { sandboxSettings } from "../server/sandbox-settings.ts";
import { fillDatabase } from "./content.ts";
import type { Recipe } from "./recipe.ts";
import { createDatabase } from "./worker-databases.ts";

/** Where the content is made; every database of a sandbox is a clone of it. */
const SOURCE = "ispyb";

/** Makes the data directory at `data`, with the first worker's database. Throws what the content throws. */
export async function fillTemplate(
  binary: ServerBinary,
  recipe: Recipe,
  data: string,
  report: (line: string) => void,
): Promise<void> {
  await cp(await emptyDataDirectory(binary), data, { recursive: true });
  {
    const args = sandboxSettings(binary);
    await using server = await startPrivateServer(binary, { directory: data, args });
    const { host, port, user, password } = server;
    const root = { host, port, user, password, tls: { mode: "disabled" } } as const;
    await using db = await connect({ ...root, database: "information_schema" });
    // The charset of the official schema's own script.
    await db.run(`CREATE DATABASE ${SOURCE} CHARACTER SET latin1`);
    await fillDatabase((role) => connect({ ...root, database: SOURCE }, role), recipe, report);
    await installReset(db);
    const content = await takePristine(db, SOURCE);
    await db.run(`DROP DATABASE ${SOURCE}`);
    await createDatabase(db, content, 1);
  }
  await digHoles(data);
}
