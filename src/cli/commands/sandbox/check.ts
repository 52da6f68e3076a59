import type { SandboxCheckDocument } from "../../../documents/sandbox.ts";
import { checkSandbox } from "../../../sandbox/reset-sandbox.ts";
import { findSandbox } from "../../../sandbox/running.ts";
import type { LocalContext } from "../../command-context.ts";
import { assertWords } from "./sandbox-options.ts";
import { databasesOf, givenSandbox, naming } from "./which-database.ts";

/** Compares one database of a sandbox, or all of them, with the template. Exit code 1 if they differ. */
export async function run(context: LocalContext): Promise<number> {
  const { args, out } = context;
  assertWords(args, 1);
  const sandbox = await findSandbox(givenSandbox(context), naming);
  const databases = await checkSandbox(sandbox, databasesOf(sandbox, args[1]));
  const lines = databases.flatMap(({ differences, name }) =>
    differences.length === 0 ? [`${name} equals its template`] : differences.map((each) => `${name}: ${each}`),
  );
  out.result({ document: { id: sandbox.id, databases } satisfies SandboxCheckDocument, text: lines.join("\n") });
  return databases.some(({ differences }) => differences.length > 0) ? 1 : 0;
}
