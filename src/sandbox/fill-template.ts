/** The data directory of a template: a server fills it with the content of a recipe, once. */
import { cp } from "node:fs/promises";
import type { ServerBinary } from "../server/binary.ts";
import { shrink, emptyDataDirectory } from "../server/data-directory.ts";
import { startPrivateServer } from "../server/private-server.ts";
import { sandboxSettings } from "../server/sandbox-settings.ts";
import { fillServer } from "./fill-server.ts";
import type { Recipe } from "./recipe.ts";

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
    await fillServer(server, recipe, report);
  }
  await shrink(data);
}
